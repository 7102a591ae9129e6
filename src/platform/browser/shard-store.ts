import { ShoalError } from '../../core/errors.ts';
import { blockBytes } from '../../core/object/geometry.ts';
import { headroomOf, requireCapacity, requireRoom, type Counts } from '../../core/storage/budget.ts';
import { isRangeOf, placeKey, requireShardLength } from '../../core/storage/shard.ts';
import type { Clock, Place, ShardStore } from '../../peer/ports.ts';
import { blockWriter } from './block-writer.ts';
import { change, look, OutOfSpace, type Database } from './database.ts';
import { blockRange, changeCounts, isStaged, readCounts, removeRows, storeCapacity, sweep, type ChangeShards } from './shard-rows.ts';
import { stagedShard } from './staged-shard.ts';

/**
 * The ShardStore of a tab (SPEC STORE-*): blocks and metadata in IndexedDB, every change strict, in one transaction with the byte
 * counters and fenced by `epoch` (takeEpoch). When the browser refuses for lack of disk space, what is used becomes the capacity.
 */
export function browserShardStore({ database, epoch, clock }: { database: Database; epoch: number; clock: Clock }): ShardStore {
  let counts: Counts | undefined;

  const requireStarted = (): Counts => {
    if (counts === undefined) throw new ShoalError('internal', 'The shard store was not started.');
    return counts;
  };

  /** A change that may be the one that fills the disk. */
  const grow = async <T>(changed: Promise<T>): Promise<T> => {
    try {
      return await changed;
    } catch (error) {
      if (error instanceof OutOfSpace) await lendNoMore();
      throw error;
    }
  };

  const changeShards: ChangeShards = async (work) => {
    counts = await grow(change(database, epoch, ['meta', 'bytes'], async (tx) => changeCounts(tx, await work(tx))));
  };

  const lendNoMore = async (): Promise<void> => {
    const capacity = requireStarted().used;
    // A full disk may refuse even this: then it holds until the next start, and the disk refuses again after it.
    await storeCapacity(database, epoch, capacity, true).catch(() => {});
    counts = { ...requireStarted(), capacity, diskFull: true };
  };

  const writer = blockWriter(clock, (blocks) =>
    grow(
      change(database, epoch, ['bytes'], async (tx) => {
        await Promise.all(blocks.map(({ place, index, bytes }) => tx.objectStore('bytes').put(wholeBuffer(bytes), [place, index])));
      }),
    ),
  );

  return {
    async start() {
      counts = await change(database, epoch, ['meta', 'bytes'], sweep);
    },
    usage() {
      const current = requireStarted();
      return { ...current, headroom: headroomOf(current.capacity) };
    },
    async setCapacity(capacity) {
      requireCapacity(capacity);
      requireStarted();
      await storeCapacity(database, epoch, capacity, false);
      counts = { ...requireStarted(), capacity, diskFull: false };
    },
    async stage(place, length) {
      requireShardLength(length);
      const key = placeKey(place);
      await changeShards(async (tx) => {
        const row = await tx.objectStore('meta').get(key);
        if (row !== undefined)
          throw new ShoalError('busy', isStaged(row) ? 'This shard is being stored already.' : 'This shard is held already.');
        requireRoom(await readCounts(tx), length);
        await tx.objectStore('meta').put({ staged: 1, length }, key);
        return { reserved: length };
      });
      return stagedShard({ place, length, changeShards, writer });
    },
    async meta(place) {
      const row = await look(database, ['meta'], (tx) => tx.objectStore('meta').get(placeKey(place)));
      return row === undefined || isStaged(row) ? undefined : row;
    },
    read: (place, offset, length) => readBytes(database, place, offset, length),
    async list() {
      const rows = await look(database, ['meta'], (tx) => tx.objectStore('meta').getAll());
      return rows.flatMap((row) => (isStaged(row) ? [] : [{ contentRoot: row.contentRoot, segment: row.segment, shard: row.shard }]));
    },
    delete: (place) =>
      changeShards(async (tx) => {
        const row = await tx.objectStore('meta').get(placeKey(place));
        if (row === undefined || isStaged(row)) return {};
        await removeRows(tx, placeKey(place));
        return { used: -row.length };
      }),
  };
}

async function readBytes(database: Database, place: Place, offset: number, length: number): Promise<Uint8Array | undefined> {
  return look(database, ['meta', 'bytes'], async (tx) => {
    const row = await tx.objectStore('meta').get(placeKey(place));
    if (row === undefined || isStaged(row) || !isRangeOf(row.length, offset, length)) return undefined;
    const first = Math.floor(offset / blockBytes);
    const last = Math.floor(Math.max(offset, offset + length - 1) / blockBytes);
    const blocks = await tx.objectStore('bytes').getAll(blockRange(placeKey(place), first, last));
    return sliceOf(blocks, offset - first * blockBytes, length);
  });
}

/** The buffer of exactly these bytes: copied only where they have but a part of theirs. */
const wholeBuffer = (bytes: Uint8Array): ArrayBuffer =>
  (bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()).buffer as ArrayBuffer;

/** `length` bytes from `offset` of consecutive blocks, copied; undefined where they are too few. */
function sliceOf(blocks: readonly ArrayBuffer[], offset: number, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  let blockStart = 0;
  let filled = 0;
  for (const block of blocks) {
    const part = new Uint8Array(block).subarray(Math.max(0, offset - blockStart), Math.max(0, offset + length - blockStart));
    bytes.set(part, filled);
    filled += part.length;
    blockStart += block.byteLength;
  }
  return filled === length ? bytes : undefined;
}
