import { ShoalError } from '../errors.ts';
import { leafBytes } from '../merkle/tree.ts';
import { blockBytes, stripesPerSegment } from '../object/geometry.ts';

/**
 * A shard at rest (SPEC STORE-*): the rules every shard store keeps, whatever it stores in. A shard is cut into blocks of `blockBytes`,
 * the last one with what is left; so a block's number and a byte offset determine each other.
 */

/** Bytes of the longest shard: one full segment's (8 MiB). */
export const shardBytesMax = blockBytes * stripesPerSegment;

interface PlaceLike {
  readonly contentRoot: string;
  readonly segment: number;
  readonly shard: number;
}

interface MetaLike extends PlaceLike {
  readonly length: number;
  readonly root: Uint8Array;
  readonly digests: Uint8Array;
  readonly owner: Uint8Array;
}

/** A place as text, one spelling per place: the key of maps and databases. */
export const placeKey = (place: PlaceLike): string => `${place.contentRoot}/${place.segment}/${place.shard}`;

/** The place that a key names. */
export function placeOfKey(key: string): PlaceLike {
  const [contentRoot = '', segment, shard] = key.split('/');
  return { contentRoot, segment: Number(segment), shard: Number(shard) };
}

/** Length of block `index` of a shard of `length` bytes; 0 past its end. */
export const blockLengthAt = (length: number, index: number): number => Math.min(blockBytes, Math.max(0, length - index * blockBytes));

/** Throws `bad-input` for a length no shard has. */
export function requireShardLength(length: number): void {
  if (!Number.isSafeInteger(length) || length < 1 || length > shardBytesMax) {
    throw new ShoalError('bad-input', `A shard has between 1 and ${shardBytesMax} bytes, not ${length}.`);
  }
}

/** Whether `length` bytes from `offset` lie within a shard of `shardLength` bytes. */
export function isRangeOf(shardLength: number, offset: number, length: number): boolean {
  return Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= shardLength;
}

/** Throws `bad-input` unless `meta` describes the shard of `length` bytes staged at `place`. */
export function requireMetaOf(place: PlaceLike, length: number, meta: MetaLike): void {
  const faults = [
    [placeKey(meta) !== placeKey(place), 'it names another place'],
    [meta.length !== length, 'it names another length'],
    [meta.digests.length !== 32 * Math.ceil(length / leafBytes), 'it has not one digest per leaf'],
    [meta.root.length !== 32, 'its root is not 32 bytes'],
    [meta.owner.length !== 32, 'its owner is not 32 bytes'],
  ] as const;
  const fault = faults.find(([found]) => found);
  if (fault !== undefined) throw new ShoalError('bad-input', `The metadata does not fit the staged shard: ${fault[1]}.`);
}

/** The blocks of one staged shard as they come, in order. */
export interface BlockSequence {
  /** Index of the next block. Throws `bad-input` when `blockLength` is not what that block must have. */
  next(blockLength: number): number;
  /** Throws `bad-input` while blocks are missing. */
  requireComplete(): void;
}

export function blockSequence(length: number): BlockSequence {
  let count = 0;
  return {
    next(blockLength) {
      const expected = blockLengthAt(length, count);
      if (blockLength !== expected || expected === 0) {
        throw new ShoalError('bad-input', `Block ${count} of this shard has ${expected} bytes, not ${blockLength}.`);
      }
      return count++;
    },
    requireComplete() {
      if (blockLengthAt(length, count) > 0)
        throw new ShoalError('bad-input', `The shard is incomplete: ${count} blocks of ${Math.ceil(length / blockBytes)}.`);
    },
  };
}
