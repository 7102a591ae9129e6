import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts';
import { verifySync } from '../core/crypto/signature.ts';
import type { Aead, Crypto, Signer } from '../peer/ports.ts';
import { pkcs8Of, signatureRule, type VerifyByEngine } from './ed25519-engine.ts';

/** The Crypto port by WebCrypto, in a tab, a worker or Node; Ed25519 falls back to noble on engines that lack it. */
export function webCrypto(subtle: SubtleCrypto): Crypto {
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', view(bytes))),
    aesGcm: (key) => aead(subtle, key),
    signer: (seed) => signer(subtle, seed),
    verify: signatureRule((publicKey) => verifier(subtle, publicKey)),
  };
}

async function aead(subtle: SubtleCrypto, rawKey: Uint8Array): Promise<Aead> {
  const key = await subtle.importKey('raw', view(rawKey), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return {
    async seal(nonce, plaintext, target) {
      const sealed = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: view(nonce) }, key, view(plaintext)));
      target?.set(sealed);
      return target ?? sealed;
    },
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
  try {
    const key = await subtle.importKey('pkcs8', pkcs8Of(seed), 'Ed25519', false, ['sign']);
    return { publicKey, sign: async (message) => new Uint8Array(await subtle.sign('Ed25519', key, view(message))) };
  } catch (error) {
    if (!lacksEd25519(error)) throw error;
    return { publicKey, sign: async (message) => ed25519Sign(seed, message) };
  }
}

async function verifier(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<VerifyByEngine> {
  try {
    const key = await subtle.importKey('raw', view(publicKey), 'Ed25519', false, ['verify']);
    return (message, signature) => subtle.verify('Ed25519', key, view(signature), view(message));
  } catch (error) {
    if (!lacksEd25519(error)) throw error;
    return async (message, signature) => verifySync(publicKey, message, signature);
  }
}

function lacksEd25519(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotSupportedError';
}

/** WebCrypto takes no shared memory and says so in its types; nothing here is ever backed by it. */
function view(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
