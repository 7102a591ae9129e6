import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockBytes } from '../core/object/geometry.ts';
import type { ErrorCode } from '../core/errors.ts';
import { placeKey } from '../core/storage/shard.ts';
import type { Place, ShardStore } from '../peer/ports.ts';
import {
  blocksOf,
  expectBytes,
  hold,
  placeA,
  placeB,
  placeC,
  placeD,
  places,
  sampleBytes,
  sampleMeta,
  writeAll,
} from './shard-samples.contract.ts';

/** One storage, empty at first. */
export interface ShardStorage {
  /** A store over it, not started. Opening again is a restart: the earlier store is gone as with its process. */
  open(): Promise<ShardStore>;
  /** Removes it. */
  dispose(): Promise<void>;
}

const code = (expected: ErrorCode) => expect.objectContaining({ code: expected });
const capacity = 10_000_000;
const headroom = 1_000_000;

/** What every ShardStore does (SPEC STORE-*), run on every implementation. */
export function shardStoreContract(name: string, create: () => Promise<ShardStorage>): void {
  describe(`shard store: ${name}`, () => {
    let storage: ShardStorage;
    let store: ShardStore;

    const restart = async (): Promise<void> => {
      store = await storage.open();
      await store.start();
    };
    const amounts = (): { used: number; reserved: number } => {
      const { used, reserved } = store.usage();
      return { used, reserved };
    };
    const expectAbsent = async (place: Place): Promise<void> => {
      expect(await store.meta(place)).toBeUndefined();
      expect(await store.read(place, 0, 1)).toBeUndefined();
      expect((await store.list()).filter((listed) => placeKey(listed) === placeKey(place))).toEqual([]);
    };

    beforeEach(async () => {
      storage = await create();
      await restart();
      await store.setCapacity(capacity);
    });
    afterEach(() => storage.dispose());

    test('[STORE-1] a staged shard cannot be seen and counts as reserved, whole, from the start', async () => {
      const staged = await store.stage(placeA, 300_000);
      expect(amounts()).toEqual({ used: 0, reserved: 300_000 });
      await writeAll(staged, sampleBytes(300_000));
      expect(amounts()).toEqual({ used: 0, reserved: 300_000 });
      await expectAbsent(placeA);
    });

    test('[STORE-2] a commit shows bytes and metadata at once and turns the reservation into use', async () => {
      const bytes = sampleBytes(300_000);
      await hold(store, placeA, bytes);
      expect(await store.meta(placeA)).toEqual(sampleMeta(placeA, 300_000));
      expect(await store.list()).toEqual([placeA]);
      expectBytes(await store.read(placeA, 0, 300_000), bytes);
      expect(amounts()).toEqual({ used: 300_000, reserved: 0 });
    });

    test('[STORE-2] a commit waits for blocks whose writes were not awaited', async () => {
      const bytes = sampleBytes(300_000);
      const staged = await store.stage(placeA, bytes.length);
      const writes = blocksOf(bytes).map((block) => staged.write(block));
      await staged.commit(sampleMeta(placeA, bytes.length));
      expectBytes(await store.read(placeA, 0, bytes.length), bytes);
      await Promise.all(writes);
    });

    test('[STORE-3] a tenth of the capacity is headroom; a store into it is refused as full and changes nothing', async () => {
      await store.setCapacity(1001);
      expect(store.usage()).toEqual({ capacity: 1001, headroom: 101, used: 0, reserved: 0, diskFull: false });
      await hold(store, placeA, sampleBytes(400));
      await store.stage(placeB, 300);
      await expect(store.stage(placeC, 201)).rejects.toEqual(code('full'));
      expect(amounts()).toEqual({ used: 400, reserved: 300 });
      await expectAbsent(placeC);
      await store.stage(placeC, 200);
      expect(amounts()).toEqual({ used: 400, reserved: 500 });
    });

    test('[STORE-3] of stores that come at once only as many are admitted as have room', async () => {
      const staged = await Promise.allSettled(places.map((place) => store.stage(place, 4_000_000)));
      expect(staged.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
      expect(amounts()).toEqual({ used: 0, reserved: 8_000_000 });
    });

    test('[STORE-4] a place is staged once at a time, and not while it is held', async () => {
      const twice = await Promise.allSettled([store.stage(placeA, 100), store.stage(placeA, 100)]);
      expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await expect(store.stage(placeA, 200)).rejects.toEqual(code('busy'));
      expect(amounts()).toEqual({ used: 0, reserved: 100 });

      await hold(store, placeB, sampleBytes(100));
      await expect(store.stage(placeB, 100)).rejects.toEqual(code('busy'));
      expect(amounts()).toEqual({ used: 100, reserved: 100 });
      await store.delete(placeB);
      await hold(store, placeB, sampleBytes(50, 2));
      expectBytes(await store.read(placeB, 0, 50), sampleBytes(50, 2));
    });

    test('[STORE-4] places that differ in one part are different shards', async () => {
      for (const [i, place] of places.entries()) await hold(store, place, sampleBytes(1000, i));
      for (const [i, place] of places.entries()) expectBytes(await store.read(place, 0, 1000), sampleBytes(1000, i));
      expect(await store.list()).toHaveLength(places.length);
      await store.delete(placeA);
      await expectAbsent(placeA);
      expectBytes(await store.read(placeD, 0, 1000), sampleBytes(1000, 3));
    });

    test('[STORE-5] a discard gives everything back, once, and the place is free again', async () => {
      const first = await store.stage(placeA, 300_000);
      await first.write(sampleBytes(blockBytes));
      await Promise.all([first.discard(), first.discard()]);
      expect(amounts()).toEqual({ used: 0, reserved: 0 });
      const second = await store.stage(placeA, 1000);
      await first.discard();
      expect(amounts()).toEqual({ used: 0, reserved: 1000 });
      await writeAll(second, sampleBytes(1000));
      await second.commit(sampleMeta(placeA, 1000));
      expectBytes(await store.read(placeA, 0, 1000), sampleBytes(1000));
    });

    test('[STORE-5] a discard while blocks are on their way leaves none of them', async () => {
      const staged = await store.stage(placeA, 300_000);
      const writes = Promise.allSettled(blocksOf(sampleBytes(300_000)).map((block) => staged.write(block)));
      await staged.discard();
      await writes;
      await hold(store, placeA, sampleBytes(10, 2));
      await expect(store.read(placeA, 0, 11)).resolves.toBeUndefined();
      expect(amounts()).toEqual({ used: 10, reserved: 0 });
    });

    test('[STORE-5] a discard after the commit changes nothing', async () => {
      const staged = await store.stage(placeA, 100);
      await staged.write(sampleBytes(100));
      const committed = staged.commit(sampleMeta(placeA, 100));
      await Promise.all([committed, staged.discard()]);
      await staged.discard();
      expect(amounts()).toEqual({ used: 100, reserved: 0 });
      expectBytes(await store.read(placeA, 0, 100), sampleBytes(100));
    });

    test('[STORE-6] a delete frees exactly the bytes of that shard; without one it does nothing', async () => {
      await hold(store, placeA, sampleBytes(300_000));
      await hold(store, placeB, sampleBytes(700));
      await Promise.all([store.delete(placeA), store.delete(placeA)]);
      await store.delete(placeC);
      await expectAbsent(placeA);
      expect(amounts()).toEqual({ used: 700, reserved: 0 });
    });

    test('[STORE-6] a delete does not touch a shard that is being staged', async () => {
      const staged = await store.stage(placeA, 100);
      await store.delete(placeA);
      expect(amounts()).toEqual({ used: 0, reserved: 100 });
      await staged.write(sampleBytes(100));
      await staged.commit(sampleMeta(placeA, 100));
      expect(amounts()).toEqual({ used: 100, reserved: 0 });
    });

    test('[STORE-8] any range of a shard can be read, within and across blocks', async () => {
      const bytes = sampleBytes(2 * blockBytes + 1000);
      await hold(store, placeA, bytes);
      const ranges = [
        [0, 1],
        [0, blockBytes],
        [blockBytes - 1, 2],
        [blockBytes, blockBytes],
        [5, 2 * blockBytes],
        [bytes.length - 1, 1],
        [7, 0],
        [bytes.length, 0],
      ];
      for (const [offset, length] of ranges as [number, number][]) {
        expectBytes(await store.read(placeA, offset, length), bytes.slice(offset, offset + length), `${length} from ${offset}`);
      }
    });

    test('[STORE-9] a range that is not wholly within the shard reads as undefined', async () => {
      await hold(store, placeA, sampleBytes(1000));
      for (const [offset, length] of [
        [0, 1001],
        [1000, 1],
        [-1, 2],
        [0.5, 1],
        [0, Number.NaN],
        [0, -1],
      ] as const) {
        expect(await store.read(placeA, offset, length), `${length} from ${offset}`).toBeUndefined();
      }
    });

    test('[STORE-10] shards and capacity survive a restart', async () => {
      const bytes = sampleBytes(300_000);
      await hold(store, placeA, bytes);
      await restart();
      expect(store.usage()).toEqual({ capacity, headroom, used: 300_000, reserved: 0, diskFull: false });
      expect(await store.meta(placeA)).toEqual(sampleMeta(placeA, 300_000));
      expectBytes(await store.read(placeA, 0, 300_000), bytes);
    });

    test('[STORE-11] what was staged before a restart is swept at start, and its place is free', async () => {
      await hold(store, placeB, sampleBytes(500));
      const lost = await store.stage(placeA, 300_000);
      await lost.write(sampleBytes(blockBytes));
      await restart();
      expect(amounts()).toEqual({ used: 500, reserved: 0 });
      await expectAbsent(placeA);
      await hold(store, placeA, sampleBytes(1000, 2));
      expectBytes(await store.read(placeA, 0, 1000), sampleBytes(1000, 2));
    });

    test('[STORE-12] once staging has ended, its handle writes and commits nothing any more', async () => {
      const discarded = await store.stage(placeA, 100);
      await discarded.discard();
      await expect(discarded.write(sampleBytes(100))).rejects.toEqual(code('cancelled'));
      await expect(discarded.commit(sampleMeta(placeA, 100))).rejects.toEqual(code('cancelled'));

      const committed = await store.stage(placeB, 100);
      await committed.write(sampleBytes(100));
      await committed.commit(sampleMeta(placeB, 100));
      await expect(committed.write(sampleBytes(100))).rejects.toEqual(code('cancelled'));
      await expect(committed.commit(sampleMeta(placeB, 100))).rejects.toEqual(code('cancelled'));
      expect(amounts()).toEqual({ used: 100, reserved: 0 });
    });

    test('[STORE-13] every block but the last has 262,144 bytes, and the last what is left', async () => {
      const staged = await store.stage(placeA, blockBytes + 10);
      for (const wrong of [0, 10, blockBytes - 1, blockBytes + 1]) {
        await expect(staged.write(sampleBytes(wrong)), `first block of ${wrong}`).rejects.toEqual(code('bad-input'));
      }
      await staged.write(sampleBytes(blockBytes));
      for (const wrong of [0, 9, 11, blockBytes]) {
        await expect(staged.write(sampleBytes(wrong)), `last block of ${wrong}`).rejects.toEqual(code('bad-input'));
      }
      await staged.write(sampleBytes(10));
      for (const wrong of [0, 1]) await expect(staged.write(sampleBytes(wrong))).rejects.toEqual(code('bad-input'));
      await staged.commit(sampleMeta(placeA, blockBytes + 10));
    });

    test('[STORE-13] a shard has from 1 byte to 8 MiB', async () => {
      for (const wrong of [0, -1, 1.5, Number.NaN, 8_388_609])
        await expect(store.stage(placeA, wrong), `${wrong}`).rejects.toEqual(code('bad-input'));
      await store.stage(placeA, 8_388_608);
    });

    test('[STORE-13] a commit that is incomplete or does not fit is refused, and staging goes on', async () => {
      const bytes = sampleBytes(70_000);
      const good = sampleMeta(placeA, bytes.length);
      const staged = await store.stage(placeA, bytes.length);
      await expect(staged.commit(good)).rejects.toEqual(code('bad-input'));
      await staged.write(bytes);
      const wrong = [
        { ...good, ...placeB },
        { ...good, length: 69_999 },
        { ...good, digests: good.digests.slice(32) },
        { ...good, root: good.root.slice(1) },
        { ...good, owner: new Uint8Array() },
      ];
      for (const meta of wrong) await expect(staged.commit(meta)).rejects.toEqual(code('bad-input'));
      await expectAbsent(placeA);
      await staged.commit(good);
      expect(await store.meta(placeA)).toEqual(good);
    });

    test('[STORE-14] a new store lends nothing', async () => {
      const fresh = await create();
      const other = await fresh.open();
      await other.start();
      expect(other.usage()).toEqual({ capacity: 0, headroom: 0, used: 0, reserved: 0, diskFull: false });
      await expect(other.stage(placeA, 1)).rejects.toEqual(code('full'));
      await fresh.dispose();
    });

    test('[STORE-14] lowering the capacity below what is used keeps everything and only stops further stores', async () => {
      await hold(store, placeA, sampleBytes(1000));
      const staged = await store.stage(placeB, 500);
      await store.setCapacity(10);
      await expect(store.stage(placeC, 1)).rejects.toEqual(code('full'));
      await staged.write(sampleBytes(500));
      await staged.commit(sampleMeta(placeB, 500));
      expect(store.usage()).toEqual({ capacity: 10, headroom: 1, used: 1500, reserved: 0, diskFull: false });
      expectBytes(await store.read(placeA, 0, 1000), sampleBytes(1000));
      for (const wrong of [-1, 0.5, Number.NaN]) await expect(store.setCapacity(wrong)).rejects.toEqual(code('bad-input'));
    });

    test('[STORE-15] a buffer used again, a block’s once it is durable, changes nothing that is stored', async () => {
      const block = sampleBytes(1000);
      const meta = sampleMeta(placeA, 1000);
      const staged = await store.stage(placeA, 1000);
      await staged.write(block);
      block.fill(0);
      await staged.commit(meta);
      meta.root.fill(0);
      (await store.read(placeA, 0, 1000))!.fill(0);
      (await store.meta(placeA))!.digests.fill(0);
      expectBytes(await store.read(placeA, 0, 1000), sampleBytes(1000));
      expect(await store.meta(placeA)).toEqual(sampleMeta(placeA, 1000));
    });

    test('[STORE-16] a store that was not started says so', async () => {
      const idle = await storage.open();
      expect(() => idle.usage()).toThrow(code('internal'));
    });
  });
}
