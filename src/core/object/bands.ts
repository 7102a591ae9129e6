import { leafBytes, leafCount } from '../merkle/tree.ts';
import { blockBytes, type Geometry, stripesPerSegment } from './geometry.ts';

/** Leaves of a whole block. */
const leavesPerBlock = blockBytes / leafBytes;

/** Bytes [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Consecutive leaf rows of one stripe of which the same data leaves are wanted. A row is the leaves at one index in the n blocks of a
 * stripe; coding works byte by byte, so any k leaves of a row give its others. So a band is what is read and decoded at once: either
 * the wanted leaves themselves, or the leaves of any k shards.
 */
export interface Band {
  readonly stripe: number;
  /** Rows [first, end). */
  readonly first: number;
  readonly end: number;
  /** Data shards whose leaves are wanted, ascending; at least one. */
  readonly wanted: readonly number[];
}

/** Where the leaves of a band lie in each of its segment's shards. */
export interface BandPlace {
  readonly segment: number;
  /** Index of the first leaf in the shard, and how many. */
  readonly first: number;
  readonly count: number;
  /** Bytes from the begin of the block, and how many. */
  readonly offset: number;
  readonly length: number;
}

/** The stripes [first, end) that hold a range of the ciphertext. */
export function stripesOf(shape: Geometry, { start, end }: ByteRange): { readonly first: number; readonly end: number } {
  return { first: Math.floor(start / shape.stripeBytes), end: Math.ceil(end / shape.stripeBytes) };
}

/** What is wanted of one stripe for a range of the ciphertext, from its first row on. None where the range has no byte of the stripe. */
export function bandsOf(shape: Geometry, stripe: number, range: ByteRange): Band[] {
  const bands: Band[] = [];
  for (let row = 0; row < leafCount(shape.blockLength(stripe)); row++) {
    const wanted = wantedLeaves(shape, stripe, row, range);
    const last = bands.at(-1);
    if (last?.end === row && sameNumbers(last.wanted, wanted)) bands[bands.length - 1] = { ...last, end: row + 1 };
    else if (wanted.length > 0) bands.push({ stripe, first: row, end: row + 1, wanted });
  }
  return bands;
}

export function placeOf(shape: Geometry, { stripe, first, end }: Band): BandPlace {
  const offset = first * leafBytes;
  return {
    segment: Math.floor(stripe / stripesPerSegment),
    first: (stripe % stripesPerSegment) * leavesPerBlock + first,
    count: end - first,
    offset,
    length: Math.min(end * leafBytes, shape.blockLength(stripe)) - offset,
  };
}

/** The stripe of a leaf of a shard, and its row there. */
export function rowOf(segment: number, leaf: number): { readonly stripe: number; readonly row: number } {
  return { stripe: segment * stripesPerSegment + Math.floor(leaf / leavesPerBlock), row: leaf % leavesPerBlock };
}

function wantedLeaves(shape: Geometry, stripe: number, row: number, { start, end }: ByteRange): number[] {
  const block = shape.blockLength(stripe);
  const wanted: number[] = [];
  for (let shard = 0; shard < shape.k; shard++) {
    const blockStart = shape.stripeRange(stripe).start + shard * block;
    const leafStart = blockStart + row * leafBytes;
    const leafEnd = blockStart + Math.min((row + 1) * leafBytes, block);
    if (leafStart < end && leafEnd > start) wanted.push(shard);
  }
  return wanted;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, i) => number === b[i]);
}
