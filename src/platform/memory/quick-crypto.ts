import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { ed25519PublicKey } from '../../core/crypto/ed25519.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import type { Crypto } from '../../peer/ports.ts';
import { nobleCrypto } from './crypto.ts';

/**
 * Crypto whose signatures anyone could make: for simulations of many peers over a long time whose subject is not cryptography, and
 * where real signatures would take nearly all the time. Everything else is noble's.
 */
export function quickCrypto(): Crypto {
  const signatureOf = (publicKey: Uint8Array, message: Uint8Array): Uint8Array => {
    const half = sha256(concatBytes(publicKey, message));
    return concatBytes(half, half);
  };
  return {
    ...nobleCrypto(),
    async signer(seed) {
      const publicKey = ed25519PublicKey(seed);
      return { publicKey, sign: async (message) => signatureOf(publicKey, message) };
    },
    verify: async (publicKey, message, signature) => equalBytes(signature, signatureOf(publicKey, message)),
  };
}
