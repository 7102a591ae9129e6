import { createHash, createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { chunkKeys, nodeId } from './keys.ts';
import { hkdf, hkdfExpand } from './hash.ts';

const anyBytes = fc.uint8Array({ maxLength: 100 });
const hex = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('hex');

test('[KEY-1] HKDF is RFC 5869 with SHA-512 and no salt', () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, fc.integer({ min: 1, max: 200 }), (ikm, info, length) => {
      expect(toHex(hkdf(ikm, info, length))).toBe(hex(hkdfSync('sha512', ikm, new Uint8Array(0), info, length)));
    }),
  );
});

test('[KEY-1] expand alone is the second half of HKDF', () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, fc.integer({ min: 1, max: 200 }), (ikm, info, length) => {
      const prk = new Uint8Array(createHmac('sha512', new Uint8Array(64)).update(ikm).digest());
      expect(toHex(hkdfExpand(prk, info, length))).toBe(toHex(hkdf(ikm, info, length)));
    }),
  );
});

test('[KEY-4] a NodeId is the SHA-256 of the public key, in hex', () => {
  const publicKey = new Uint8Array(32).fill(7);
  expect(nodeId(publicKey)).toBe(createHash('sha256').update(publicKey).digest('hex'));
});

test('[ENC-2] chunk keys are bound to salt, owner and version', () => {
  const zeros = new Uint8Array(32);
  const ones = new Uint8Array(32).fill(1);
  const salt = new Uint8Array(24);
  const variants = [
    chunkKeys(zeros, salt, zeros, 1),
    chunkKeys(ones, salt, zeros, 1),
    chunkKeys(zeros, new Uint8Array(24).fill(1), zeros, 1),
    chunkKeys(zeros, salt, ones, 1),
    chunkKeys(zeros, salt, zeros, 2),
  ];
  for (const part of ['key', 'nonce', 'commitment'] as const) {
    expect(new Set(variants.map((keys) => toHex(keys[part]))).size).toBe(variants.length);
  }
});
