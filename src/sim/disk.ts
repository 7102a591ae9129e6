import { ShoalError } from '../core/errors.ts';
import { placeKey } from '../core/storage/shard.ts';
import type { MetaStore, Place, Random, ShardStore, StagedShard } from '../peer/ports.ts';
import type { ValueDisk } from '../platform/memory/meta-store.ts';
import type { ShardDisk } from '../platform/memory/shard-store.ts';
import type { Device } from './device.ts';
import { below } from './draw.ts';

/** A ShardStore whose operations take the time of a device and are lost with it; what is kept is `inner`'s, on `disk`. */
export function deviceShards(inner: ShardStore, disk: ShardDisk, device: Device): ShardStore {
  return {
    start: () => device.write('start', () => inner.start()),
    usage: () => inner.usage(),
    setCapacity: (capacity) => device.write(`lend ${capacity}`, () => inner.setCapacity(capacity)),
    stage: async (place, length) => {
      const staged = await device.write(`stage ${placeKey(place)}`, () => inner.stage(place, length));
      return deviceStaged(staged, place, disk, device);
    },
    meta: (place) => device.read(() => inner.meta(place)),
    read: (place, offset, length) => device.read(() => inner.read(place, offset, length)),
    list: () => device.read(() => inner.list()),
    delete: (place) => device.write(`delete ${placeKey(place)}`, () => inner.delete(place)),
  };
}

function deviceStaged(staged: StagedShard, place: Place, disk: ShardDisk, device: Device): StagedShard {
  const key = placeKey(place);
  let written = 0;
  return {
    write: (block) =>
      device.write(
        `block ${key}`,
        async () => {
          await staged.write(block);
          written += block.length;
        },
        () => disk.staged.get(key)?.set(block.subarray(0, block.length / 2), written),
      ),
    commit: (meta) => device.write(`commit ${key}`, () => staged.commit(meta)),
    discard: () => device.write(`discard ${key}`, () => staged.discard()),
  };
}

/** A MetaStore whose operations take the time of a device and are lost with it, each whole or not at all. */
export function deviceMeta(inner: MetaStore, device: Device): MetaStore {
  return {
    get: (kind, key) => device.read(() => inner.get(kind, key)),
    put(kind, key, value) {
      const kept = value.slice();
      return device.write(`put ${kind}/${key}`, async () => {
        if (device.isFull) throw new ShoalError('full', 'There is no more disk space.');
        await inner.put(kind, key, kept);
      });
    },
    delete: (kind, key) => device.write(`delete ${kind}/${key}`, () => inner.delete(kind, key)),
    keys: (kind) => device.read(() => inner.keys(kind)),
    list: (kind) => device.read(() => inner.list(kind)),
  };
}

/** Changes one bit of one shard that is held; whether there is one. */
export function rotShard(disk: ShardDisk, random: Random): boolean {
  const held = [...disk.held.values()];
  if (held.length === 0) return false;
  const { bytes } = held[below(held.length, random)]!;
  bytes[below(bytes.length, random)]! ^= 1 << below(8, random);
  return true;
}

/** Everything that was kept is gone. */
export function wipe(disk: ShardDisk, values: ValueDisk): void {
  disk.held.clear();
  disk.staged.clear();
  values.clear();
  Object.assign(disk, { capacity: 0, diskFull: false, space: Number.POSITIVE_INFINITY });
}
