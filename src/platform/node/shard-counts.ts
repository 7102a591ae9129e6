import { errorCode, ShoalError } from '../../core/errors.ts';
import { type Counts, requireCapacity } from '../../core/storage/budget.ts';
import { readLent, writeLent } from './capacity-file.ts';
import { diskTrouble } from './disk-trouble.ts';

/** The counters of a shard store on files: only what is lent is on the disk, all else is counted anew at each start. */
export interface ShardCounts {
  /** @param used bytes of all shards found */
  start(used: number): Promise<void>;
  /** Throws `internal` before the start. */
  now(): Counts;
  change(by: { readonly used?: number; readonly reserved?: number }): void;
  setCapacity(capacity: number): Promise<void>;
  /** What `work` gives. When the disk has no more room for it: `full`, and what is used becomes the capacity (SPEC STORE-19). */
  onDisk<T>(work: () => Promise<T>): Promise<T>;
}

/** @param file that keeps what is lent */
export function shardCounts(file: string): ShardCounts {
  let counts: Counts | undefined;

  const now = (): Counts => {
    if (counts === undefined) throw new ShoalError('internal', 'The shard store was not started.');
    return counts;
  };
  const lend = async (capacity: number, diskFull: boolean): Promise<void> => {
    await writeLent(file, { capacity, diskFull });
    counts = { ...now(), capacity, diskFull };
  };
  const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (errorCode(diskTrouble(error, file)) !== 'full') throw error;
      const capacity = now().used;
      counts = { ...now(), capacity, diskFull: true };
      // A full disk may refuse even this: then it holds until the next start, and the disk refuses again after it.
      await lend(capacity, true).catch(() => {});
      // Peers are told these words: no path of this machine.
      throw new ShoalError('full', 'This peer has no more disk space.');
    }
  };

  return {
    async start(used) {
      counts = { ...(await readLent(file)), used, reserved: 0 };
    },
    now,
    change({ used = 0, reserved = 0 }) {
      const before = now();
      counts = { ...before, used: before.used + used, reserved: before.reserved + reserved };
    },
    async setCapacity(capacity) {
      requireCapacity(capacity);
      now();
      await onDisk(() => lend(capacity, false));
    },
    onDisk,
  };
}
