import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import {
  chunkCount,
  chunkNonce,
  chunksIn,
  ciphertextLength,
  headBytes,
  sealedChunkBytes,
  sealedChunkStart,
  streamLengthOf,
} from './chunks.ts';

describe('chunk framing', () => {
  test('[ENC-4] every stream length comes back from its ciphertext length', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), (length) => {
        expect(streamLengthOf(ciphertextLength(length))).toBe(length);
      }),
    );
  });

  test.each([0, 16_383, 16_384, 16_385, 32_768])('[ENC-3] %i bytes end in a chunk shorter than the others', (length) => {
    const last = ciphertextLength(length) - sealedChunkStart(chunkCount(length) - 1);
    expect(last).toBeGreaterThanOrEqual(16);
    expect(last).toBeLessThan(sealedChunkBytes);
  });

  test('[OPEN-2] a ciphertext whose last chunk is missing or less than a tag has no length', () => {
    for (const chunks of [0, 1, 2]) {
      for (const extra of [0, 15]) {
        expect(() => streamLengthOf(headBytes + chunks * sealedChunkBytes + extra)).toThrow(expect.objectContaining({ code: 'integrity' }));
      }
    }
    expect(() => streamLengthOf(55)).toThrow(expect.objectContaining({ code: 'integrity' }));
  });

  test('[ENC-3] the nonce of a chunk is the base nonce XOR its number, big-endian', () => {
    const base = new Uint8Array(12).fill(0xff);
    expect(toHex(chunkNonce(base, 0))).toBe('f'.repeat(24));
    expect(toHex(chunkNonce(base, 0x1_02_03_04_05))).toBe('fffffffffffffffefdfcfbfa');
    expect(toHex(base)).toBe('f'.repeat(24));
  });

  test('[ENC-3] a range needs exactly the chunks that have bytes in it', () => {
    const length = ciphertextLength(100_000);
    fc.assert(
      fc.property(fc.nat({ max: length - 1 }), fc.nat({ max: length - 1 }), (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b) + 1];
        const expected = Array.from({ length: chunkCount(100_000) }, (_, i) => i).filter(
          (i) => sealedChunkStart(i) < end && Math.min(sealedChunkStart(i + 1), length) > start,
        );
        const { first, end: stop } = chunksIn(start, end);
        expect(Array.from({ length: stop - first }, (_, i) => first + i)).toEqual(expected);
      }),
    );
  });
});
