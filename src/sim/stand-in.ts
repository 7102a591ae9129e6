import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import type { Crypto, Signer } from '../peer/ports.ts';

/**
 * Crypto whose signatures are hashes: for many peers over a long time, where real ones would take nearly all the time. A signature is
 * H(secret ‖ message), and whoever verifies it looks the secret up by the public key, in a table that the peers cannot see: without the
 * secret nobody can make one (SPEC SIM-11). Public keys are real, and everything else is `engine`'s. One for each swarm: the table is its own.
 */
export function standInSignatures(engine: Crypto): Crypto {
  const secrets = new Map<number, readonly { readonly publicKey: Uint8Array; readonly secret: Uint8Array }[]>();

  /** What was signed last, by the signature's first bytes: of a heartbeat everybody checks the same. */
  const recent = new Map<number, Signature>();

  const remember = (signed: Signature): void => {
    const near = shortOf(signed.signature);
    recent.delete(near);
    recent.set(near, signed);
    if (recent.size > recentMax) recent.delete(recent.keys().next().value!);
  };

  const signatureOf = async (secret: Uint8Array, message: Uint8Array): Promise<Uint8Array> => {
    const half = await engine.sha256(concatBytes(secret, message));
    return concatBytes(half, half);
  };

  return {
    ...engine,
    async signer(seed): Promise<Signer> {
      const secret = seed.slice();
      const { publicKey } = await engine.signer(seed);
      const near = shortOf(publicKey);
      secrets.set(near, [...(secrets.get(near) ?? []), { publicKey, secret }]);
      return {
        publicKey,
        async sign(message) {
          const signature = await signatureOf(secret, message);
          remember({ publicKey, message: message.slice(), signature });
          return signature;
        },
      };
    },
    async verify(publicKey, message, signature) {
      const same = recent.get(shortOf(signature));
      if (same !== undefined && isSame(same, publicKey, message, signature)) return true;
      const known = secrets.get(shortOf(publicKey))?.find((each) => equalBytes(each.publicKey, publicKey));
      return known !== undefined && equalBytes(signature, await signatureOf(known.secret, message));
    },
  };
}

/** A signature that was made, of what and by whom. */
interface Signature {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** So many signatures are remembered. */
const recentMax = 1_024;

const isSame = (made: Signature, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  equalBytes(made.signature, signature) && equalBytes(made.publicKey, publicKey) && equalBytes(made.message, message);

/** A number that is nearly always another for another key: text of 64 digits for each check would cost as much as the hash. */
const shortOf = (bytes: Uint8Array): number => (((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)) * 256 + (bytes[2] ?? 0)) * 256 + (bytes[3] ?? 0);
