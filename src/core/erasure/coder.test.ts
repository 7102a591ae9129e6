import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { referenceCoder } from './coder.ts';
import { inverse, multiply } from './field.ts';
import { decodeMatrix, parityMatrix } from './matrix.ts';

const element = fc.nat({ max: 255 });

describe('the field', () => {
  test('[RS-1] multiplication is commutative, associative and distributes over XOR', () => {
    fc.assert(
      fc.property(element, element, element, (a, b, c) => {
        expect(multiply(a, b)).toBe(multiply(b, a));
        expect(multiply(multiply(a, b), c)).toBe(multiply(a, multiply(b, c)));
        expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
      }),
    );
  });

  test('[RS-1] a · 1/a = 1, and 0 has no inverse', () => {
    for (let a = 1; a < 256; a++) expect(multiply(a, inverse(a))).toBe(1);
    expect(() => inverse(0)).toThrow(RangeError);
  });
});

describe('the matrix', () => {
  test('[RS-2] row 0 and column 0 are all ones', () => {
    for (const [k, m] of [
      [1, 4],
      [4, 2],
      [10, 4],
      [40, 24],
    ] as const) {
      const rows = parityMatrix(k, m);
      expect(rows[0]!.every((each) => each === 1) && rows.every((row) => row[0] === 1)).toBe(true);
    }
  });

  test.each([
    [0, 1],
    [1, -1],
    [200, 56],
    [1.5, 1],
  ])('[RS-2] there is no code of %d+%d', (k, m) => {
    expect(() => parityMatrix(k, m)).toThrow(RangeError);
  });

  test('[RS-3] decoding needs k distinct shards of the code', () => {
    expect(() => decodeMatrix(2, 2, [1], [0])).toThrow(RangeError);
    expect(() => decodeMatrix(2, 2, [1, 1], [0])).toThrow(RangeError);
    expect(() => decodeMatrix(2, 2, [1, 4], [0])).toThrow(RangeError);
  });
});

/** A stripe and the shards of it that are left: any k of the n, in any order of choice. */
const damaged = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 40 }))
  .chain(([k, m, length]) =>
    fc.record({
      k: fc.constant(k),
      m: fc.constant(m),
      data: fc.array(fc.uint8Array({ minLength: length, maxLength: length }), { minLength: k, maxLength: k }),
      present: fc.shuffledSubarray(
        Array.from({ length: k + m }, (_, shard) => shard),
        { minLength: k, maxLength: k },
      ),
    }),
  );

describe('the reference coder', () => {
  test('[RS-3] any k of the n blocks give all n back', () => {
    fc.assert(
      fc.property(damaged, ({ k, m, data, present }) => {
        const coder = referenceCoder(k, m);
        const all = [...data, ...coder.encode(data)];
        const left = all.map((block, shard) => (present.includes(shard) ? block : undefined));
        expect(coder.reconstruct(left, [...all.keys()])).toEqual(all);
      }),
      { numRuns: 150 },
    );
  });

  test('[RS-3] every choice of 4 out of 4+2 works', () => {
    const data = [1, 2, 3, 4].map((seed) => Uint8Array.from({ length: 8 }, (_, i) => seed * 31 + i * 7));
    const coder = referenceCoder(4, 2);
    const all = [...data, ...coder.encode(data)];
    for (let a = 0; a < 6; a++) {
      for (let b = a + 1; b < 6; b++) {
        const left = all.map((block, shard) => (shard === a || shard === b ? undefined : block));
        expect(coder.reconstruct(left, [a, b])).toEqual([all[a], all[b]]);
      }
    }
  });

  test('[RS-2] parity 0 is the plain XOR of the data', () => {
    expect(referenceCoder(3, 2).encode([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(4)])[0]).toEqual(Uint8Array.of(7));
  });

  test('[RS-3] too few blocks and blocks of different lengths are refused', () => {
    const coder = referenceCoder(2, 1);
    expect(() => coder.encode([Uint8Array.of(1)])).toThrow(RangeError);
    expect(() => coder.encode([Uint8Array.of(1), Uint8Array.of(1, 2)])).toThrow(RangeError);
    expect(() => coder.reconstruct([Uint8Array.of(1), undefined, undefined], [1])).toThrow(RangeError);
    expect(() => coder.reconstruct([Uint8Array.of(1), Uint8Array.of(1)], [1])).toThrow(RangeError);
  });
});
