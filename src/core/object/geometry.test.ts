import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockBytes, geometry, maxCiphertextLength } from './geometry.ts';
import { paddedLength } from './padme.ts';

const shape = fc.record({
  k: fc.integer({ min: 1, max: 40 }),
  m: fc.integer({ min: 0, max: 24 }),
  length: fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 2 ** 36 })),
});

describe('geometry', () => {
  test('[GEO-1] the stripes cover the ciphertext, each once and in order', () => {
    fc.assert(
      fc.property(shape, ({ k, m, length }) => {
        const shapeOf = geometry(k, m, length);
        const { stripes, stripeBytes, stripeRange } = shapeOf;
        expect(stripeRange(0).start).toBe(0);
        expect(stripeRange(stripes - 1).end).toBe(length);
        const some = Math.floor(stripes / 2);
        expect(stripeRange(some).start).toBe(some * stripeBytes);
        if (some > 0) expect(stripeRange(some - 1).end).toBe(stripeRange(some).start);
        expect(stripeRange(stripes - 1).end).toBeGreaterThan(stripeRange(stripes - 1).start);
      }),
    );
  });

  test('[GEO-2] k blocks hold their stripe, and the last is as short as a multiple of 64 can be', () => {
    fc.assert(
      fc.property(shape, ({ k, m, length }) => {
        const { stripes, blockLength, stripeRange } = geometry(k, m, length);
        const last = blockLength(stripes - 1);
        const { start, end } = stripeRange(stripes - 1);
        expect(last % 64).toBe(0);
        expect(last).toBeLessThanOrEqual(blockBytes);
        expect(k * last).toBeGreaterThanOrEqual(end - start);
        expect(k * (last - 64)).toBeLessThan(end - start);
        if (stripes > 1) expect(blockLength(0)).toBe(blockBytes);
      }),
    );
  });

  test('[GEO-3] segments hold 32 stripes, the last what is left, and shards are their blocks one after another', () => {
    fc.assert(
      fc.property(shape, ({ k, m, length }) => {
        const { stripes, segments, segmentStripes, shardLength, blockLength, leaves } = geometry(k, m, length);
        expect(segments).toBe(Math.ceil(stripes / 32));
        const last = segments - 1;
        expect(last * 32 + segmentStripes(last)).toBe(stripes);
        expect(shardLength(last)).toBe((segmentStripes(last) - 1) * blockBytes + blockLength(stripes - 1));
        if (segments > 1) expect(shardLength(0)).toBe(8 * 1024 * 1024);
        expect(leaves(last)).toBe(Math.ceil(shardLength(last) / 65_536));
      }),
    );
  });

  test.each([
    [0, 1, 1],
    [1, -1, 1],
    [128, 128, 1],
    [4, 2, 0],
    [4, 2, 1.5],
    [4.5, 2, 1],
  ])('[GEO-1] there is no %d+%d of %d bytes', (k, m, length) => {
    expect(() => geometry(k, m, length)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  test('[GEO-4] a file is bounded by its descriptor: 42.6 GiB at 4+2', () => {
    expect(maxCiphertextLength(4, 2) / 2 ** 30).toBeCloseTo(42.6, 1);
    expect(maxCiphertextLength(1, 254)).toBeGreaterThan(0);
  });
});

describe('padding', () => {
  test('[PAD-1] it never shrinks, is idempotent and monotone, and costs at most an eighth above the least length', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 45 }), fc.nat({ max: 10_000 }), (length, more) => {
        const padded = paddedLength(length);
        expect(padded).toBeGreaterThanOrEqual(Math.max(length, 4096));
        expect(padded).toBeLessThanOrEqual(Math.max(length, 4096) * 1.125);
        expect(paddedLength(padded)).toBe(padded);
        expect(paddedLength(length + more)).toBeGreaterThanOrEqual(padded);
      }),
    );
  });
});
