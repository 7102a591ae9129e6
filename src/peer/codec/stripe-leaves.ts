import type { Coder, Room } from '../../core/erasure/coder.ts';
import { leafBytes, leafCount } from '../../core/merkle/tree.ts';
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
  /** Consecutive pieces of the ciphertext, in memory that is lent until `release`: leaves as they came, and those that were rebuilt. */
  readonly pieces: readonly Uint8Array[];
  release(): void;
}

/** Leaves of one row by shard. */
type Row = Map<number, Uint8Array>;

/** What one stripe has of the range, and what of that is there. */
interface Kept {
  readonly bands: readonly Band[];
  /** By index. */
  readonly rows: readonly Row[];
}

export function createStripeLeaves(shape: Geometry, coder: Coder, range: ByteRange): StripeLeaves {
  const { first, end } = stripesOf(shape, range);
  const stripes = new Map<number, Kept>();
  let next = first;

  const keptOf = (stripe: number): Kept => {
    const found = stripes.get(stripe);
    if (found !== undefined) return found;
    const rows = Array.from({ length: leafCount(shape.blockLength(stripe)) }, (): Row => new Map());
    const made = { bands: bandsOf(shape, stripe, range), rows };
    stripes.set(stripe, made);
    return made;
  };
  const isWhole = (row: Row, { wanted }: Band): boolean => row.size >= shape.k || wanted.every((shard) => row.has(shard));

  const keep = (stripe: number, index: number, shard: number, leaf: Uint8Array): void => {
    if (stripe < next || stripe >= end) return;
    const { bands, rows } = keptOf(stripe);
    const band = bands.find((each) => index >= each.first && index < each.end);
    const row = rows[index];
    if (band !== undefined && row !== undefined && !isWhole(row, band)) row.set(shard, leaf);
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
      const { bands, rows } = keptOf(next);
      const parts = bands.flatMap((band) => rows.slice(band.first, band.end).map((row, i) => ({ band, index: band.first + i, row })));
      if (!parts.every(({ band, row }) => isWhole(row, band))) return undefined;
      const stripe = next++;
      stripes.delete(stripe);
      const blockLength = shape.blockLength(stripe);
      const rebuilt = parts.some(({ band, row }) => lostOf(band, row).length > 0) ? coder.room(blockLength) : undefined;
      const leaves = parts.flatMap(({ band, index, row }) => {
        if (rebuilt !== undefined) rebuildRow(rebuilt, lostOf(band, row), index, row);
        return band.wanted.map((shard) => ({
          at: shard * blockLength + index * leafBytes,
          leaf: row.get(shard) ?? leafIn(rebuilt!, shard, index),
        }));
      });
      const stripeAt = shape.stripeRange(stripe);
      const pieces = leaves
        .toSorted((a, b) => a.at - b.at)
        .map(({ at, leaf }) => {
          const start = stripeAt.start + at;
          return leaf.subarray(Math.max(range.start - start, 0), Math.min(range.end, stripeAt.end) - start);
        });
      return { pieces, release: () => rebuilt?.release() };
    },
  };
}

const lostOf = ({ wanted }: Band, row: Row): number[] => wanted.filter((shard) => !row.has(shard));

/** Computes the leaves of a row that are lost in their places, from k others. */
function rebuildRow(room: Room, lost: readonly number[], index: number, row: Row): void {
  if (lost.length === 0) return;
  const start = index * leafBytes;
  const used = [...row.keys()].toSorted((a, b) => a - b);
  for (const shard of used) room.block(shard).set(row.get(shard)!, start);
  room.reconstruct(used, lost, start, Math.min(start + leafBytes, room.blockLength));
}

function leafIn(room: Room, shard: number, index: number): Uint8Array {
  return room.block(shard).subarray(index * leafBytes, (index + 1) * leafBytes);
}
