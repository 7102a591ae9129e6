import type { Counts } from '../../core/storage/budget.ts';
import type { ShardMeta } from '../../peer/ports.ts';
import { change, type Database, type StagedRow, type WriteTransaction } from './database.ts';

/** How shards and their byte counters lie in IndexedDB, and the changes made to them inside one transaction. */

export type ShardTransaction = WriteTransaction<'meta' | 'bytes'>;

/** How the counters change with the data, in bytes. */
export interface CountsChange {
  readonly used?: number;
  readonly reserved?: number;
}

/** Changes data and counters together: durable as a whole, or not at all. `work` says how the counters change. */
export type ChangeShards = (work: (tx: ShardTransaction) => Promise<CountsChange>) => Promise<void>;

export const isStaged = (row: StagedRow | ShardMeta): row is StagedRow => 'staged' in row;

/** The keys of blocks `first` to `last` of a shard, both included. */
export const blockRange = (place: string, first: number, last: number): IDBKeyRange => IDBKeyRange.bound([place, first], [place, last]);

/** Removes a shard, staged or committed, with all its blocks. */
export async function removeRows(tx: ShardTransaction, place: string): Promise<void> {
  await Promise.all([tx.objectStore('bytes').delete(blockRange(place, 0, Infinity)), tx.objectStore('meta').delete(place)]);
}

/** Removes whatever an earlier run had staged and gives its reservation back. */
export async function sweep(tx: ShardTransaction): Promise<Counts> {
  const left = await tx.objectStore('meta').index('staged').getAllKeys();
  for (const place of left) await removeRows(tx, place);
  const { reserved } = await readCounts(tx);
  return changeCounts(tx, { reserved: -reserved });
}

export async function readCounts(tx: ShardTransaction): Promise<Counts> {
  const names = ['capacity', 'used', 'reserved', 'diskFull'] as const;
  const [capacity = 0, used = 0, reserved = 0, diskFull] = await Promise.all(names.map((name) => tx.objectStore('counters').get(name)));
  return { capacity, used, reserved, diskFull: diskFull === 1 };
}

export async function changeCounts(tx: ShardTransaction, by: CountsChange): Promise<Counts> {
  const before = await readCounts(tx);
  const after = { ...before, used: before.used + (by.used ?? 0), reserved: before.reserved + (by.reserved ?? 0) };
  const counters = tx.objectStore('counters');
  if (after.used !== before.used) await counters.put(after.used, 'used');
  if (after.reserved !== before.reserved) await counters.put(after.reserved, 'reserved');
  return after;
}

/** @param diskFull whether the disk set it, and not the person */
export async function storeCapacity(database: Database, epoch: number, capacity: number, diskFull: boolean): Promise<void> {
  await change(database, epoch, [], async (tx) => {
    await tx.objectStore('counters').put(capacity, 'capacity');
    await tx.objectStore('counters').put(diskFull ? 1 : 0, 'diskFull');
  });
}
