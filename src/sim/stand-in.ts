import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import { ed25519PublicKey } from '../core/crypto/ed25519.ts';
import type { Crypto, Signer } from '../peer/ports.ts';

/**
 * Crypto whose signatures are hashes: for many peers over a long time, where real ones would take nearly all the time. A signature is
 * H(secret ‖ message), and whoever verifies it looks the secret up by the public key, in a table that the peers cannot see: without the
 * secret nobody can make one (SPEC SIM-11). Public keys are real, and everything else is `engine`'s. One for each swarm: the table is its own.
 */
export function standInSignatures(engine: Crypto): Crypto {
  const secrets = new Map<number, readonly { readonly publicKey: Uint8Array; readonly secret: Uint8Array }[]>();

  const signatureOf = async (secret: Uint8Array, message: Uint8Array): Promise<Uint8Array> => {
    const half = await engine.sha256(concatBytes(secret, message));
    return concatBytes(half, half);
  };

  return {
    ...engine,
    async signer(seed): Promise<Signer> {
      const secret = seed.slice();
      const publicKey = ed25519PublicKey(seed);
      const near = shortOf(publicKey);
      secrets.set(near, [...(secrets.get(near) ?? []), { publicKey, secret }]);
      return { publicKey, sign: (message) => signatureOf(secret, message) };
    },
    async verify(publicKey, message, signature) {
      const known = secrets.get(shortOf(publicKey))?.find((each) => equalBytes(each.publicKey, publicKey));
      return known !== undefined && equalBytes(signature, await signatureOf(known.secret, message));
    },
  };
}

/** A number that is nearly always another for another key: text of 64 digits for each check would cost as much as the hash. */
const shortOf = ([a = 0, b = 0, c = 0, d = 0]: Uint8Array): number => ((a * 256 + b) * 256 + c) * 256 + d;
