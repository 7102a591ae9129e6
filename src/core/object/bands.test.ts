import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leafBytes } from '../merkle/tree.ts';
import { bandsOf, placeOf, rowOf, stripesOf } from './bands.ts';
import { blockBytes, geometry } from './geometry.ts';

const shape = geometry(4, 2, 20_000_000);

test('[READ-8] a range inside one block wants its leaves only', () => {
  const start = 5 * shape.stripeBytes + blockBytes + leafBytes + 10;
  expect(bandsOf(shape, 5, { start, end: start + leafBytes })).toEqual([{ stripe: 5, first: 1, end: 3, wanted: [1] }]);
});

test('[READ-8] a range across the border of two blocks wants the last leaf of one and the first of the other', () => {
  const border = 5 * shape.stripeBytes + 2 * blockBytes;
  expect(bandsOf(shape, 5, { start: border - 1, end: border + 1 })).toEqual([
    { stripe: 5, first: 0, end: 1, wanted: [2] },
    { stripe: 5, first: 3, end: 4, wanted: [1] },
  ]);
});

test('[READ-8] a whole stripe is one band of all data shards', () => {
  expect(bandsOf(shape, 5, { start: 0, end: 20_000_000 })).toEqual([{ stripe: 5, first: 0, end: 4, wanted: [0, 1, 2, 3] }]);
});

test('[READ-8] the bands of a range cover each leaf that has a byte of it once, and no other', () => {
  const anyShape = fc.record({ k: fc.integer({ min: 1, max: 10 }), length: fc.integer({ min: 1, max: 30_000_000 }) });
  const any = anyShape.chain(({ k, length }) =>
    fc.record({
      k: fc.constant(k),
      length: fc.constant(length),
      start: fc.nat({ max: length - 1 }),
      bytes: fc.integer({ min: 1, max: length }),
    }),
  );
  fc.assert(
    fc.property(any, ({ k, length, start, bytes }) => {
      const of = geometry(k, 2, length);
      const range = { start, end: Math.min(length, start + bytes) };
      const { first, end } = stripesOf(of, range);
      for (let stripe = Math.max(0, first - 1); stripe < Math.min(of.stripes, end + 1); stripe++) {
        const block = of.blockLength(stripe);
        const found = bandsOf(of, stripe, range).flatMap(({ first: from, end: to, wanted }) =>
          wanted.flatMap((shard) => Array.from({ length: to - from }, (_, i) => `${shard} ${from + i}`)),
        );
        const expected: string[] = [];
        for (let shard = 0; shard < k; shard++) {
          for (let row = 0; row * leafBytes < block; row++) {
            const at = of.stripeRange(stripe).start + shard * block + row * leafBytes;
            if (at < range.end && at + Math.min(leafBytes, block - row * leafBytes) > range.start) expected.push(`${shard} ${row}`);
          }
        }
        expect(found.toSorted()).toEqual(expected.toSorted());
        if (stripe < first || stripe >= end) expect(found).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});

test('[READ-8] a band lies at the same leaves of every shard, the last one of an object short', () => {
  const last = shape.stripes - 1;
  const [band] = bandsOf(shape, last, { start: 0, end: 20_000_000 });
  const { segment, first, offset, length } = placeOf(shape, band!);
  expect(segment).toBe(0);
  expect(rowOf(segment, first)).toEqual({ stripe: last, row: 0 });
  expect(offset).toBe(0);
  expect(placeOf(shape, { stripe: 33, first: 2, end: 4, wanted: [0] })).toEqual({
    segment: 1,
    first: 6,
    count: 2,
    offset: 131_072,
    length: 131_072,
  });
  expect(length).toBeLessThanOrEqual(shape.blockLength(last));
});
