import { type Counts, requireCapacity, headroomOf, requireRoom } from '../../core/storage/budget.ts';
import { blockSequence, isRangeOf, placeKey, placeOfKey, requireMetaOf, requireShardLength } from '../../core/storage/shard.ts';
import { ShoalError } from '../../core/errors.ts';
import type { Place, ShardMeta, ShardStore, StagedShard } from '../../peer/ports.ts';

interface HeldShard {
  readonly meta: ShardMeta;
  readonly bytes: Uint8Array;
}

/** What outlives a memory shard store, as a disk outlives a process: a second store over it is a restart. */
export interface ShardDisk {
  capacity: number;
  diskFull: boolean;
  /** Bytes that the device really has: past them a write fails as `full`, and what is used becomes the capacity. */
  space: number;
  readonly held: Map<string, HeldShard>;
  /** Bytes of shards being staged, at full length. */
  readonly staged: Map<string, Uint8Array>;
}

export const shardDisk = (): ShardDisk => ({
  capacity: 0,
  diskFull: false,
  space: Number.POSITIVE_INFINITY,
  held: new Map(),
  staged: new Map(),
});

/** A ShardStore in memory, for the simulator and for tests; the reference the other stores are compared with. */
export function memoryShardStore(disk: ShardDisk = shardDisk()): ShardStore {
  const counts = { capacity: 0, used: 0, reserved: 0, diskFull: false };
  let started = false;

  return {
    async start() {
      disk.staged.clear();
      counts.capacity = disk.capacity;
      counts.diskFull = disk.diskFull;
      counts.used = [...disk.held.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
      started = true;
    },
    usage() {
      if (!started) throw new ShoalError('internal', 'The shard store was not started.');
      return { ...counts, headroom: headroomOf(counts.capacity) };
    },
    async setCapacity(capacity) {
      requireCapacity(capacity);
      counts.capacity = disk.capacity = capacity;
      counts.diskFull = disk.diskFull = false;
    },
    async stage(place, length) {
      requireShardLength(length);
      const key = placeKey(place);
      if (disk.staged.has(key)) throw new ShoalError('busy', 'This shard is being stored already.');
      if (disk.held.has(key)) throw new ShoalError('busy', 'This shard is held already.');
      requireRoom(counts, length);
      const bytes = new Uint8Array(length);
      disk.staged.set(key, bytes);
      counts.reserved += length;
      return stagedShard(disk, counts, place, bytes);
    },
    async meta(place) {
      const held = disk.held.get(placeKey(place));
      return held && copyOf(held.meta);
    },
    async read(place, offset, length) {
      const bytes = disk.held.get(placeKey(place))?.bytes;
      return bytes && isRangeOf(bytes.length, offset, length) ? bytes.slice(offset, offset + length) : undefined;
    },
    async list() {
      return [...disk.held.keys()].map(placeOfKey);
    },
    async delete(place) {
      const held = disk.held.get(placeKey(place));
      if (held === undefined) return;
      disk.held.delete(placeKey(place));
      counts.used -= held.bytes.length;
    },
  };
}

function stagedShard(disk: ShardDisk, counts: { -readonly [K in keyof Counts]: Counts[K] }, place: Place, bytes: Uint8Array): StagedShard {
  const key = placeKey(place);
  const blocks = blockSequence(bytes.length);
  let written = 0;
  // Identity, not mere presence: after a discard or a restart the same place may be staged by someone else.
  const isOpen = (): boolean => disk.staged.get(key) === bytes;
  const requireOpen = (): void => {
    if (!isOpen()) throw new ShoalError('cancelled', 'The staging has ended.');
  };
  const end = (): void => {
    disk.staged.delete(key);
    counts.reserved -= bytes.length;
  };

  return {
    async write(block) {
      requireOpen();
      if (counts.used + counts.reserved > disk.space) {
        counts.capacity = disk.capacity = counts.used;
        counts.diskFull = disk.diskFull = true;
        throw new ShoalError('full', 'There is no more disk space.');
      }
      blocks.next(block.length);
      bytes.set(block, written);
      written += block.length;
    },
    async commit(meta) {
      requireOpen();
      requireMetaOf(place, bytes.length, meta);
      blocks.requireComplete();
      end();
      disk.held.set(key, { meta: copyOf(meta), bytes });
      counts.used += bytes.length;
    },
    async discard() {
      if (isOpen()) end();
    },
  };
}

function copyOf(meta: ShardMeta): ShardMeta {
  return { ...meta, root: meta.root.slice(), digests: meta.digests.slice(), owner: meta.owner.slice() };
}
