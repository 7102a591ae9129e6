import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { toHex } from '../bytes/text.ts';
import { ed25519FieldPrime, ed25519Order, equationPoint, isPrimeOrderPoint } from './ed25519.ts';
import { sha512 } from './hash.ts';

/*
 * One acceptance rule on every engine (SPEC SIG-*). Engines differ on crafted keys and signatures, and peers whose engines differ
 * would split the records they keep together. What follows leaves no room: A of prime order, R canonical and not the identity,
 * S < L, and enc([S]B - [k]A) = R on bytes.
 */

/** Public keys whose soundness is remembered, the oldest forgotten first: to find it out takes about a millisecond. */
const keysRememberedMax = 1_024;
const remembered = new Map<string, boolean>();

/** Whether a public key may sign at all: canonical encoding, prime order. */
export function acceptableKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  const id = toHex(publicKey);
  const known = remembered.get(id);
  if (known !== undefined) return known;
  const sound = isPrimeOrderPoint(publicKey);
  if (remembered.size === keysRememberedMax) remembered.delete(remembered.keys().next().value!);
  remembered.set(id, sound);
  return sound;
}

/** The part of the rule that needs no arithmetic on points: 64 bytes, S < L, R canonical and not the identity. */
export function acceptableSignature(signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const y = littleEndian(signature.subarray(0, 32)) & yMask;
  return y < ed25519FieldPrime && y !== 1n && littleEndian(signature.subarray(32)) < ed25519Order;
}

/** The whole rule, without an engine. Never throws. */
export function verifySync(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!acceptableKey(publicKey) || !acceptableSignature(signature)) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % ed25519Order;
  return equalBytes(equationPoint(publicKey, s, k), r);
}

/** All but the top bit, which holds the sign of x. */
const yMask = (1n << 255n) - 1n;

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}
