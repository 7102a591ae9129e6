import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coderContract } from './coder.contract.ts';
import { inverse, multiply } from './field.ts';
import { decodeMatrix, parityMatrix } from './matrix.ts';
import { createPlans } from './plan.ts';
import { referenceCoder } from './reference.ts';

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

coderContract('the reference', referenceCoder);

describe('the reference coder', () => {
  test('[RS-2] parity 0 is the plain XOR of the data', () => {
    const room = referenceCoder(3, 2).room(64);
    room.bytes.fill(0);
    [1, 2, 4].forEach((byte, shard) => room.block(shard).fill(byte));
    room.encode();
    expect([...new Set(room.block(3))]).toEqual([7]);
  });

  test('[RS-3] every choice of 4 out of 4+2 works', () => {
    const room = referenceCoder(4, 2).room(64);
    room.bytes.forEach((_, i) => (room.bytes[i] = i * 31 + (i >> 6) * 7));
    room.encode();
    const all = room.bytes.slice();
    for (let a = 0; a < 6; a++) {
      for (let b = a + 1; b < 6; b++) {
        const present = [0, 1, 2, 3, 4, 5].filter((shard) => shard !== a && shard !== b);
        for (const lost of [a, b]) room.block(lost).fill(0);
        room.reconstruct(present, [a, b], 0, 64);
        expect(room.bytes).toEqual(all);
      }
    }
  });
});

describe('plans', () => {
  test('[RS-4] a pattern is worked out once, and the one not used for longest is forgotten first', () => {
    const rows: number[] = [];
    const plans = createPlans(1, 40, (matrix) => rows.push(matrix.length));
    const worked = (wanted: number): number => {
      const before = rows.length;
      plans.of([0], [wanted]);
      return rows.length - before;
    };
    expect([1, 1, 2, 1].map(worked)).toEqual([1, 0, 1, 0]);
    for (let wanted = 3; wanted <= 33; wanted++) expect(worked(wanted)).toBe(1);
    expect([1, 2].map(worked)).toEqual([0, 1]);
  });
});
