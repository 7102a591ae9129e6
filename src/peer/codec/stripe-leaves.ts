import type { Coder } from '../../core/erasure/coder.ts';
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
  take(): Uint8Array | undefined;
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
      const part = partOf(shape, next, range);
      for (const { band, index, leaves } of rows) {
        for (const [shard, leaf] of wantedLeaves(coder, band.wanted, leaves)) part.put(shard, index, leaf);
      }
      stripes.delete(next++);
      return part.bytes;
    },
  };
}

/** The wanted leaves of a row with their shards, those that are missing computed from k others. */
function wantedLeaves(coder: Coder, wanted: readonly number[], row: Row): (readonly [shard: number, leaf: Uint8Array])[] {
  const lost = wanted.filter((shard) => !row.has(shard));
  const blocks = Array.from({ length: coder.k + coder.m }, (_, shard) => row.get(shard));
  const rebuilt = lost.length === 0 ? [] : coder.reconstruct(blocks, lost);
  return wanted.map((shard) => [shard, row.get(shard) ?? rebuilt[lost.indexOf(shard)]!]);
}

/** The bytes of a range that lie in one stripe, to be filled leaf by leaf. */
function partOf(shape: Geometry, stripe: number, range: ByteRange) {
  const within = shape.stripeRange(stripe);
  const start = Math.max(range.start, within.start);
  const bytes = new Uint8Array(Math.min(range.end, within.end) - start);
  return {
    bytes,
    put(shard: number, row: number, leaf: Uint8Array): void {
      const at = within.start + shard * shape.blockLength(stripe) + row * leafBytes - start;
      const from = Math.max(0, -at);
      const to = Math.min(leaf.length, bytes.length - at);
      if (from < to) bytes.set(leaf.subarray(from, to), at + from);
    },
  };
}
