import { toHex } from '../core/bytes/text.ts';
import { acceptableKey, acceptableSignature } from '../core/crypto/signature.ts';
import type { Crypto } from '../peer/ports.ts';

/** Public keys that an engine has imported; the oldest is forgotten first. */
const keysImportedMax = 1_024;

/** PrivateKeyInfo (RFC 8410 §7) of an Ed25519 key, up to its 32-byte seed: engines import no bare seeds. */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);

/** The 32-byte seed of an Ed25519 key as engines import it. */
export const pkcs8Of = (seed: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array([...pkcs8Prefix, ...seed]);

/** Whether an engine takes this signature of `message`, under one key. */
export type VerifyByEngine = (message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/**
 * Shoal's rule on top of an engine (SPEC SIG-*): sound key + sound signature + whatever the engine says, which on those
 * agrees everywhere. `keyOf` imports a sound key, once.
 */
export function signatureRule(keyOf: (publicKey: Uint8Array) => Promise<VerifyByEngine>): Crypto['verify'] {
  const imported = new Map<string, Promise<VerifyByEngine>>();

  const engineOf = (publicKey: Uint8Array): Promise<VerifyByEngine> => {
    const id = toHex(publicKey);
    const known = imported.get(id);
    if (known !== undefined) return known;
    if (imported.size === keysImportedMax) imported.delete(imported.keys().next().value!);
    const engine = acceptableKey(publicKey) ? keyOf(publicKey) : Promise.resolve(refuseAll);
    imported.set(id, engine);
    engine.catch(() => imported.delete(id));
    return engine;
  };

  return async (publicKey, message, signature) => {
    if (publicKey.length !== 32 || !acceptableSignature(signature)) return false;
    try {
      return await (await engineOf(publicKey))(message, signature);
    } catch {
      return false;
    }
  };
}

/** What an unsound key has signed. */
const refuseAll: VerifyByEngine = async () => false;
