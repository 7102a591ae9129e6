import type { Coder, Room } from '../../core/erasure/coder.ts';
import { leafBytes } from '../../core/merkle/tree.ts';
import { type Band, bandsOf, type ByteRange, rowOf, stripesOf } from '../../core/object/bands.ts';
import type { Geometry } from '../../core/object/geometry.ts';

/** Verified leaves on their way to be decoded: what one range of the ciphertext needs, stripe after stripe. */
export interface StripeLeaves {
  /** Stripes of the range that were not taken yet. */
  left(): number;
  /** Keeps verified leaves of one shard. What the range does not need, or needs no more, is dropped. */
  add(segment: number, shard: number, firstLeaf: number, bytes: Uint8Array): void;
  /** The next stripe's part of the range, decoded; undefined while leaves of it are missing. What was taken is forgotten. */
  take(): DecodedPart | undefined;
}

export interface DecodedPart {
  /** Ciphertext, in memory that is lent until `release`. */
  readonly bytes: Uint8Array;
  release(): void;
}

/** Leaves of one row by shard. */
type Row = Map<number, Uint8Array>;

export function createStripeLeaves(shape: Geometry, coder: Coder, range: ByteRange): StripeLeaves {
  const { first, end } = stripesOf(shape, range);
  const stripes = new Map<number, Map<number, Row>>();
  let next = first;

  const rowAt = (stripe: number, row: number): Row => {
    const rows = stripes.get(stripe) ?? new Map<number, Row>();
    stripes.set(stripe, rows);
    const found = rows.get(row) ?? new Map<number, Uint8Array>();
    rows.set(row, found);
    return found;
  };
  const isWhole = (row: Row, { wanted }: Band): boolean => row.size >= shape.k || wanted.every((shard) => row.has(shard));

  const keep = (stripe: number, row: number, shard: number, leaf: Uint8Array): void => {
    const band =
      stripe < next || stripe >= end ? undefined : bandsOf(shape, stripe, range).find((each) => row >= each.first && row < each.end);
    if (band === undefined) return;
    const leaves = rowAt(stripe, row);
    if (!isWhole(leaves, band)) leaves.set(shard, leaf);
  };

  return {
    left: () => end - next,
    add(segment, shard, firstLeaf, bytes) {
      for (let offset = 0; offset < bytes.length; offset += leafBytes) {
        const { stripe, row } = rowOf(segment, firstLeaf + offset / leafBytes);
        keep(stripe, row, shard, bytes.subarray(offset, offset + leafBytes));
      }
    },
    take() {
      const rows = bandsOf(shape, next, range).flatMap((band) =>
        Array.from({ length: band.end - band.first }, (_, i) => ({ band, index: band.first + i, leaves: rowAt(next, band.first + i) })),
      );
      if (!rows.every(({ band, leaves }) => isWhole(leaves, band))) return undefined;
      const stripe = next++;
      const room = coder.room(shape.blockLength(stripe));
      for (const { band, index, leaves } of rows) fillRow(room, band.wanted, index, leaves);
      stripes.delete(stripe);
      const { start, end: stripeEnd } = shape.stripeRange(stripe);
      const bytes = room.bytes.subarray(Math.max(range.start, start) - start, Math.min(range.end, stripeEnd) - start);
      return { bytes, release: () => room.release() };
    },
  };
}

/** Puts the leaves of a row in their places, and computes the wanted ones that are missing from k others. */
function fillRow(room: Room, wanted: readonly number[], index: number, row: Row): void {
  const lost = wanted.filter((shard) => !row.has(shard));
  const used = lost.length === 0 ? wanted : [...row.keys()].sort((a, b) => a - b);
  const start = index * leafBytes;
  for (const shard of used) room.block(shard).set(row.get(shard)!, start);
  if (lost.length > 0) room.reconstruct(used, lost, start, Math.min(start + leafBytes, room.blockLength));
}
