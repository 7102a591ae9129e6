import { gcm } from '@noble/ciphers/aes.js';
import { ed25519PublicKey, ed25519Sign } from '../../core/crypto/ed25519.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { verifySync } from '../../core/crypto/signature.ts';
import type { Aead, Crypto } from '../../peer/ports.ts';

/**
 * The Crypto port without an engine: every answer is computed at once and only the promise is asynchronous, so a simulation runs the
 * same way each time. Some fifty times slower than WebCrypto.
 */
export function nobleCrypto(): Crypto {
  return {
    sha256: async (bytes) => sha256(bytes),
    aesGcm: async (key) => aead(key),
    signer: async (seed) => ({ publicKey: ed25519PublicKey(seed), sign: async (message) => ed25519Sign(seed, message) }),
    verify: async (publicKey, message, signature) => verifySync(publicKey, message, signature),
  };
}

function aead(key: Uint8Array): Aead {
  return {
    async seal(nonce, plaintext, target) {
      const sealed = gcm(key, nonce).encrypt(plaintext);
      target?.set(sealed);
      return target ?? sealed;
    },
    async open(nonce, ciphertext) {
      try {
        return gcm(key, nonce).decrypt(ciphertext);
      } catch {
        return undefined;
      }
    },
  };
}
