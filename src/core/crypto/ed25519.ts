import { ed25519 } from '@noble/curves/ed25519.js';

/** Ed25519 public key of a 32-byte seed (RFC 8032 §5.1.5). */
export const ed25519PublicKey = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed);

/** Ed25519 signature of `message` under a 32-byte seed (RFC 8032 §5.1.6). */
export const ed25519Sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => ed25519.sign(message, seed);

/** L: the order of the base point. */
export const ed25519Order: bigint = ed25519.Point.Fn.ORDER;

/** p = 2^255 - 19: coordinates are below it in canonical encodings. */
export const ed25519FieldPrime: bigint = ed25519.Point.Fp.ORDER;

/** Whether 32 bytes are the canonical encoding of a point of order L, neither the identity nor one with a part of small order. */
export function isPrimeOrderPoint(encoded: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(encoded, false);
    return !point.is0() && point.isTorsionFree();
  } catch {
    return false;
  }
}

/** enc([s]B - [k]A) for the point A encoded in `publicKey`, 0 ≤ s, k < L: the right side of the cofactorless equation. */
export function equationPoint(publicKey: Uint8Array, s: bigint, k: bigint): Uint8Array {
  const { Point } = ed25519;
  return Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(publicKey, false).multiplyUnsafe(k)).toBytes();
}
