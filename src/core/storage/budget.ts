import { ShoalError } from '../errors.ts';

/** What a shard store counts, in bytes. */
export interface Counts {
  /** Whether the disk had less room than was lent, since that was last set: then the capacity is what was used. */
  readonly diskFull: boolean;
  /** How much may be lent. */
  readonly capacity: number;
  /** Committed shards. */
  readonly used: number;
  /** Staged shards, each with its whole length from the start. */
  readonly reserved: number;
}

/** A tenth of the capacity, rounded up: kept free of stores, so that repair has room (SPEC STORE-3). */
export const headroomOf = (capacity: number): number => Math.ceil(capacity / 10);

/** Throws `full` when a shard of `length` more bytes would break used + reserved ≤ capacity − headroom. */
export function requireRoom(counts: Counts, length: number): void {
  const left = counts.capacity - headroomOf(counts.capacity) - counts.used - counts.reserved;
  if (length > left) throw new ShoalError('full', `This peer has ${Math.max(0, left)} bytes left to lend, ${length} were asked for.`);
}

/** Throws `bad-input` for a capacity that is not a whole number of bytes. */
export function requireCapacity(capacity: number): void {
  if (!Number.isSafeInteger(capacity) || capacity < 0)
    throw new ShoalError('bad-input', `A capacity is a whole number of bytes, not ${capacity}.`);
}
