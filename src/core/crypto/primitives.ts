import { ed25519 } from '@noble/curves/ed25519.js';
import { hkdf as hkdfRfc5869 } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../bytes/compare.ts';

/** H of the spec: SHA-256. */
export const sha256 = (bytes: Uint8Array): Uint8Array => nobleSha256(bytes);

export const sha512 = (bytes: Uint8Array): Uint8Array => nobleSha512(bytes);

/** HKDF-SHA-512 (RFC 5869) without salt: extract, then expand to `length` bytes. */
export function hkdf(ikm: Uint8Array, info: Uint8Array, length = 32): Uint8Array {
  return hkdfRfc5869(nobleSha512, ikm, undefined, info, length);
}

/**
 * HKDF-Expand-SHA-512 alone (RFC 5869 §2.3): T(i) = HMAC(prk, T(i - 1) || info || i). Written out, because noble's refuses a prk shorter
 * than its hash and C2SP chunked-encryption has 32-byte ones.
 */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let i = 1; blocks.length * 64 < length; i++) {
    blocks.push(hmac(nobleSha512, prk, concatBytes(blocks.at(-1) ?? new Uint8Array(0), info, Uint8Array.of(i))));
  }
  return concatBytes(...blocks).slice(0, length);
}

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
