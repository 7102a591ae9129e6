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
