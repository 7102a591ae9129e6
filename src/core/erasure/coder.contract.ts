import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockGranule, type CoderFactory, type Room } from './coder.ts';
import { referenceCoder } from './reference.ts';

/** A stripe, what is left of it, and what of that is wanted. */
interface Damage {
  readonly k: number;
  readonly m: number;
  readonly blockLength: number;
  readonly seed: number;
  /** All shards in some order: the first k are there, the others are not. */
  readonly order: readonly number[];
  /** How many of the lost ones are wanted. */
  readonly wanted: number;
  /** Granules of each block to be filled. */
  readonly span: readonly [start: number, end: number];
}

/** Past the four outputs of one call of the kernel, past the slices of a coder, and past the vectors that one turn of it takes. */
const damages: fc.Arbitrary<Damage> = fc
  .record({ k: fc.integer({ min: 1, max: 20 }), m: fc.integer({ min: 0, max: 12 }), granules: fc.integer({ min: 1, max: 90 }) })
  .chain(({ k, m, granules }) =>
    fc.record({
      k: fc.constant(k),
      m: fc.constant(m),
      blockLength: fc.constant(granules * blockGranule),
      seed: fc.integer(),
      order: fc.shuffledSubarray(shards(k + m), { minLength: k + m, maxLength: k + m }),
      wanted: fc.integer({ min: 0, max: m }),
      span: fc.tuple(fc.nat(granules), fc.nat(granules)).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
    }),
  );

/** What every coder does: the same bytes as the reference, whatever is lost. */
export function coderContract(name: string, coder: CoderFactory): void {
  describe(`coder contract: ${name}`, () => {
    test('[RS-4] encodes as the reference does', () => {
      fc.assert(
        fc.property(damages, ({ k, m, blockLength, seed }) => {
          const [room, known] = [coder, referenceCoder].map((each) => encoded(each(k, m).room(blockLength), k, seed));
          expect(sameBytes(room!.bytes, known!.bytes)).toBe(true);
          room!.release();
        }),
        { numRuns: 60 },
      );
    });

    test('[RS-3] any k blocks give the others, in the bytes asked for and in no others', () => {
      fc.assert(
        fc.property(damages, (damage) => {
          const { k, m, blockLength, order, wanted } = damage;
          const room = encoded(coder(k, m).room(blockLength), k, damage.seed);
          const all = room.bytes.slice();
          const present = order.slice(0, k);
          const lost = order.slice(k, k + wanted);
          const [start, end] = damage.span.map((granule) => granule * blockGranule) as [number, number];
          for (const shard of lost) room.block(shard).subarray(start, end).fill(0xa5);
          room.reconstruct(present, lost, start, end);
          expect(sameBytes(room.bytes, all)).toBe(true);
          room.release();
        }),
        { numRuns: 120 },
      );
    });

    test.each([
      [1, 1],
      [40, 24],
      [200, 55],
      [1, 254],
    ])('[RS-4] encodes %d+%d as the reference does', (k, m) => {
      const [room, known] = [coder, referenceCoder].map((each) => encoded(each(k, m).room(2 * blockGranule), k, 5));
      expect(sameBytes(room!.bytes, known!.bytes)).toBe(true);
    });

    test('[RS-4] rooms that are lent at once are apart, and one given back is lent again', () => {
      const { room } = coder(2, 1);
      const [first, second] = [room(64), room(64)];
      first.bytes.fill(1);
      second.bytes.fill(2);
      expect(first.bytes[0]).toBe(1);
      const { buffer } = first.bytes;
      first.release();
      expect(room(64).bytes.buffer).toBe(buffer);
    });

    test.each([0, -64, 63, 64.5, Number.NaN])('[RS-4] there is no block of %d bytes', (length) => {
      expect(() => coder(2, 1).room(length)).toThrow(RangeError);
    });

    test('[RS-4] other shards and bytes than a stripe has are refused', () => {
      const room = coder(2, 1).room(128);
      for (const [present, wanted, start, end] of [
        [[0], [1], 0, 64],
        [[0, 0], [1], 0, 64],
        [[0, 3], [1], 0, 64],
        [[0, 1], [3], 0, 64],
        [[0, 1], [2], 1, 64],
        [[0, 1], [2], 0, 192],
      ] as const)
        expect(() => room.reconstruct(present, wanted, start, end)).toThrow(RangeError);
    });
  });
}

const shards = (count: number): number[] => Array.from({ length: count }, (_, shard) => shard);

/** Data made of a seed, and its parity. */
function encoded(room: Room, k: number, seed: number): Room {
  let state = seed;
  for (let i = 0; i < k * room.blockLength; i++) room.bytes[i] = (state = Math.imul(state, 1_664_525) + 1_013_904_223) >>> 24;
  room.encode();
  return room;
}

/** A comparison that is quick, and whose failure is not a page of numbers. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
