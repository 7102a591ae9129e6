import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hash,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { toBase64url } from '../../core/bytes/text.ts';
import type { Aead, Crypto, Random, Signer } from '../../peer/ports.ts';
import { pkcs8Of, signatureRule, type VerifyByEngine } from '../ed25519-engine.ts';

const cipher = 'aes-256-gcm';
const tagBytes = 16;

/**
 * The Crypto port by the synchronous `node:crypto`: every answer is computed at once, on the thread that asks, and only the promise is
 * asynchronous. WebCrypto hands each chunk of 16 KiB to Node's thread pool, and sealing takes half as much processor time again.
 */
export function nodeCrypto(): Crypto {
  return {
    sha256: async (bytes) => plain(hash('sha256', bytes, 'buffer')),
    aesGcm: async (key) => aead(key),
    signer: async (seed) => signer(seed),
    verify: signatureRule(verifier),
  };
}

/** The Random port by Node. */
export const nodeRandom = (): Random => ({ bytes: (length) => plain(randomBytes(length)) });

function aead(rawKey: Uint8Array): Aead {
  const key = createSecretKey(rawKey);
  return {
    async seal(nonce, plaintext, target) {
      const sealing = createCipheriv(cipher, key, nonce);
      const sealed = target ?? new Uint8Array(plaintext.length + tagBytes);
      sealed.set(sealing.update(plaintext));
      sealing.final();
      sealed.set(sealing.getAuthTag(), plaintext.length);
      return sealed;
    },
    async open(nonce, ciphertext) {
      const end = ciphertext.length - tagBytes;
      if (end < 0) return undefined;
      const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAuthTag(ciphertext.subarray(end));
      const opened = opening.update(ciphertext.subarray(0, end));
      try {
        opening.final();
      } catch {
        return undefined;
      }
      return plain(opened);
    },
  };
}

function signer(seed: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.from(pkcs8Of(seed)), format: 'der', type: 'pkcs8' });
  return { publicKey: publicKeyOf(key), sign: async (message) => plain(sign(null, message, key)) };
}

/** A hundredth of the time that the arithmetic of it takes here. */
function publicKeyOf(key: KeyObject): Uint8Array {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return Uint8Array.from(spki.subarray(spki.length - 32));
}

async function verifier(publicKey: Uint8Array): Promise<VerifyByEngine> {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) }, format: 'jwk' });
  return async (message, signature) => verify(null, message, key, signature);
}

/** The same bytes as no Buffer: a Buffer's `slice` copies nothing, which none of its readers expects. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
