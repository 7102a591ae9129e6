import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ShoalError } from '../../core/errors.ts';
import { headroomOf, requireRoom } from '../../core/storage/budget.ts';
import { isRangeOf, placeKey, placeOfKey, requireShardLength } from '../../core/storage/shard.ts';
import type { Log, Place, ShardStore, StagedShard } from '../../peer/ports.ts';
import { syncFolder } from './durable-file.ts';
import { fileGate } from './file-gate.ts';
import { shardCounts } from './shard-counts.ts';
import { fileNameOf, headerBytesOf, requirePlace } from './shard-file.ts';
import { readMeta, readShard } from './shard-read.ts';
import { scanShards, setAside } from './shard-scan.ts';
import { stageFile } from './staged-file.ts';
import { stagedShard } from './staged-shard.ts';

/** File operations at once: more do not make a disk faster, and leave nothing for reads. */
const operationsMax = 8;

/**
 * The ShardStore of a headless peer (SPEC STORE-*, FILE-*): a file for each shard below `folder`, which it makes. For one process at a
 * time: the home's lock sees to that. In memory it keeps the place and the length of each shard, nothing else.
 */
export function fileShardStore(folder: string, log: Log = () => {}): ShardStore {
  const gate = fileGate(operationsMax);
  const counts = shardCounts(join(folder, 'capacity'));
  /** Lengths of committed shards by place. */
  const held = new Map<string, number>();
  /** Places being staged; by identity, since after a discard the same place may be staged by someone else. */
  const staged = new Map<string, object>();
  /** Removals under way: until one is done, its place cannot be staged anew. */
  const leaving = new Map<string, Promise<void>>();
  const folders = new Set<string>();

  const pathOf = (place: Place, length: number): string => join(folder, fileNameOf({ place, length }));

  const makeFolder = async (path: string): Promise<void> => {
    if (folders.has(path)) return;
    if ((await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dirname(path));
    folders.add(path);
  };

  /** Learns what is held, from the names of the files alone. */
  const scan = async (): Promise<void> => {
    held.clear();
    const twice: string[] = [];
    for (const file of await scanShards(folder)) {
      const key = placeKey(file.place);
      if (held.has(key)) twice.push(fileNameOf(file));
      else held.set(key, file.length);
    }
    for (const name of twice) await setAside(folder, name);
  };

  const begin = async (place: Place, length: number): Promise<StagedShard> => {
    const key = placeKey(place);
    const token = {};
    staged.set(key, token);
    counts.change({ reserved: length });
    const isOpen = (): boolean => staged.get(key) === token;
    const end = (committed: boolean): void => {
      if (!isOpen()) return;
      staged.delete(key);
      if (committed) held.set(key, length);
      counts.change({ reserved: -length, used: committed ? length : 0 });
    };
    const path = pathOf(place, length);
    try {
      const file = await counts.onDisk(async () => {
        await makeFolder(dirname(path));
        return stageFile(path, headerBytesOf(length), gate);
      });
      return stagedShard({ place, length, file, onDisk: counts.onDisk, isOpen, end });
    } catch (error) {
      end(false);
      throw error;
    }
  };

  const remove = async (place: Place, length: number): Promise<void> => {
    const path = pathOf(place, length);
    held.delete(placeKey(place));
    try {
      await gate(async () => {
        await rm(path, { force: true });
        await syncFolder(dirname(path));
      });
    } catch (error) {
      held.set(placeKey(place), length);
      throw error;
    }
    counts.change({ used: -length });
  };

  /** A shard turned out to be damaged, or gone behind our back: it is held no more. */
  const lose = async (place: Place, length: number): Promise<void> => {
    if (!held.delete(placeKey(place))) return;
    counts.change({ used: -length });
    log('warn', 'damaged shard set aside');
    await setAside(folder, fileNameOf({ place, length }));
  };

  return {
    async start() {
      await makeFolder(folder);
      staged.clear();
      await scan();
      await counts.start([...held.values()].reduce((sum, length) => sum + length, 0));
    },
    usage: () => ({ ...counts.now(), headroom: headroomOf(counts.now().capacity) }),
    setCapacity: (capacity) => counts.setCapacity(capacity),
    async stage(place, length) {
      requireShardLength(length);
      requirePlace(place);
      const key = placeKey(place);
      await leaving.get(key);
      if (staged.has(key)) throw new ShoalError('busy', 'This shard is being stored already.');
      if (held.has(key)) throw new ShoalError('busy', 'This shard is held already.');
      requireRoom(counts.now(), length);
      return begin(place, length);
    },
    async meta(place) {
      const length = held.get(placeKey(place));
      if (length === undefined) return undefined;
      const look = () => gate(() => readMeta(pathOf(place, length), { place, length }));
      // Twice, since the shard may just have been deleted and stored anew.
      const meta = (await look()) ?? (await look());
      if (meta === undefined) await lose(place, length);
      return meta;
    },
    async read(place, offset, length) {
      const shardBytes = held.get(placeKey(place));
      if (shardBytes === undefined || !isRangeOf(shardBytes, offset, length)) return undefined;
      return gate(() => readShard(pathOf(place, shardBytes), shardBytes, offset, length));
    },
    list: async () => [...held.keys()].map(placeOfKey),
    async delete(place) {
      const key = placeKey(place);
      const length = held.get(key);
      if (length === undefined) return leaving.get(key);
      const removal = remove(place, length).finally(() => leaving.delete(key));
      leaving.set(key, removal);
      await removal;
    },
  };
}
