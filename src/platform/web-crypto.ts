import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts';
import { acceptableKey, acceptableSignature, verifySync } from '../core/crypto/signature.ts';
import { toHex } from '../core/bytes/text.ts';
import type { Aead, Crypto, Signer } from '../peer/ports.ts';

/** Public keys whose soundness is remembered; the oldest is forgotten first. */
const keysRememberedMax = 1024;

/** PrivateKeyInfo (RFC 8410 §7) of an Ed25519 key, up to its 32-byte seed: WebCrypto imports no bare seeds. */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);

/** The Crypto port by WebCrypto, in a tab, a worker or Node; Ed25519 falls back to noble on engines that lack it. */
export function webCrypto(subtle: SubtleCrypto): Crypto {
  const verifyByEngine = engineVerifier(subtle);
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', view(bytes))),
    aesGcm: (key) => aead(subtle, key),
    signer: (seed) => signer(subtle, seed),
    verify: (publicKey, message, signature) => verifyByEngine(publicKey, message, signature).catch(() => false),
  };
}

async function aead(subtle: SubtleCrypto, rawKey: Uint8Array): Promise<Aead> {
  const key = await subtle.importKey('raw', view(rawKey), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return {
    seal: async (nonce, plaintext) => new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: view(nonce) }, key, view(plaintext))),
    async open(nonce, ciphertext) {
      try {
        return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv: view(nonce) }, key, view(ciphertext)));
      } catch {
        return undefined;
      }
    },
  };
}

async function signer(subtle: SubtleCrypto, seed: Uint8Array): Promise<Signer> {
  const publicKey = ed25519PublicKey(seed);
  const pkcs8 = new Uint8Array([...pkcs8Prefix, ...seed]);
  try {
    const key = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
    return { publicKey, sign: async (message) => new Uint8Array(await subtle.sign('Ed25519', key, view(message))) };
  } catch (error) {
    if (!lacksEd25519(error)) throw error;
    return { publicKey, sign: async (message) => ed25519Sign(seed, message) };
  }
}

/** Shoal's rule = sound key (remembered) + sound signature + whatever the engine says, which on those agrees everywhere. */
function engineVerifier(subtle: SubtleCrypto): Crypto['verify'] {
  const remembered = new Map<string, Promise<CryptoKey | 'unsound' | 'no-engine'>>();

  const keyOf = (publicKey: Uint8Array): Promise<CryptoKey | 'unsound' | 'no-engine'> => {
    const id = toHex(publicKey);
    const known = remembered.get(id);
    if (known !== undefined) return known;
    if (remembered.size === keysRememberedMax) remembered.delete(remembered.keys().next().value!);
    const key = importPublicKey(subtle, publicKey);
    remembered.set(id, key);
    key.catch(() => remembered.delete(id));
    return key;
  };

  return async (publicKey, message, signature) => {
    if (publicKey.length !== 32 || !acceptableSignature(signature)) return false;
    const key = await keyOf(publicKey);
    if (key === 'unsound') return false;
    if (key === 'no-engine') return verifySync(publicKey, message, signature);
    return subtle.verify('Ed25519', key, view(signature), view(message));
  };
}

async function importPublicKey(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<CryptoKey | 'unsound' | 'no-engine'> {
  if (!acceptableKey(publicKey)) return 'unsound';
  try {
    return await subtle.importKey('raw', view(publicKey), 'Ed25519', false, ['verify']);
  } catch (error) {
    if (lacksEd25519(error)) return 'no-engine';
    throw error;
  }
}

function lacksEd25519(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotSupportedError';
}

/** WebCrypto takes no shared memory and says so in its types; nothing here is ever backed by it. */
function view(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
