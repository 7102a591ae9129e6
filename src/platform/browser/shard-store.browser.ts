import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockBytes } from '../../core/object/geometry.ts';
import { placeKey } from '../../core/storage/shard.ts';
import type { Clock, ShardStore } from '../../peer/ports.ts';
import { expectBytes, hold, placeA, placeB, placeC, sampleBytes, sampleMeta, writeAll } from '../shard-samples.contract.ts';
import { shardStoreContract, type ShardStorage } from '../shard-store.contract.ts';
import { shardStoreLaw } from '../shard-store-law.contract.ts';
import { wallClock } from '../wall-clock.ts';
import type { Database } from './database.ts';
import { testProfile, type TestProfile } from './profiles.contract.ts';
import { browserShardStore } from './shard-store.ts';

/** Blocks wait for others to be written with them (block-writer.test.ts): here a fiftieth as long, which would be most of the time otherwise. */
const clock: Clock = { ...wallClock, timer: (ms, run) => wallClock.timer(ms / 50, run) };

const create = async (): Promise<ShardStorage> => {
  const profile = testProfile();
  return { open: async () => browserShardStore({ ...(await profile.restart()), clock }), dispose: () => profile.dispose() };
};

shardStoreContract('IndexedDB', create);
shardStoreLaw('IndexedDB', create, 12);

describe('shard store: IndexedDB alone', () => {
  let profile: TestProfile;
  let database: Database;
  let store: ShardStore;
  const blocks = (): Promise<number> => database.connection.count('bytes');
  const rows = (): Promise<number> => database.connection.count('meta');

  beforeEach(async () => {
    profile = testProfile();
    const opened = await profile.restart();
    database = opened.database;
    store = browserShardStore({ ...opened, clock });
    await store.start();
    await store.setCapacity(50_000_000);
  });
  afterEach(() => profile.dispose());

  test('[STORE-5, STORE-6] no block outlives its shard', async () => {
    const staged = await store.stage(placeA, 300_000);
    await writeAll(staged, sampleBytes(300_000));
    await hold(store, placeB, sampleBytes(300_000));
    expect([await rows(), await blocks()]).toEqual([2, 4]);
    await staged.discard();
    expect([await rows(), await blocks()]).toEqual([1, 2]);
    await store.delete(placeB);
    expect([await rows(), await blocks()]).toEqual([0, 0]);
  });

  test('[STORE-5] blocks still waiting to be written when their shard is discarded are never written', async () => {
    const staged = await store.stage(placeA, 300_000);
    const writing = writeAll(staged, sampleBytes(300_000));
    await Promise.all([expect(writing).rejects.toMatchObject({ code: 'cancelled' }), staged.discard()]);
    expect([await rows(), await blocks()]).toEqual([0, 0]);
  });

  test('[STORE-11] a sweep removes the blocks of staged shards and no others', async () => {
    await hold(store, placeB, sampleBytes(300_000));
    await writeAll(await store.stage(placeA, 300_000), sampleBytes(300_000));
    const again = await profile.restart();
    database = again.database;
    await browserShardStore({ ...again, clock }).start();
    expect([await rows(), await blocks()]).toEqual([1, 2]);
  });

  test('[STORE-17] a shard that lost a block behind our back reads as undefined there, and as before elsewhere', async () => {
    await hold(store, placeA, sampleBytes(2 * blockBytes + 10));
    await database.connection.delete('bytes', [placeKey(placeA), 1]);
    expect(await store.read(placeA, blockBytes - 1, 2)).toBeUndefined();
    expect(await store.read(placeA, 0, 2 * blockBytes + 10)).toBeUndefined();
    expectBytes(await store.read(placeA, 0, 100), sampleBytes(100));
  });

  test('[STORE-18] once another tab has taken over, the earlier store changes nothing any more', async () => {
    await hold(store, placeA, sampleBytes(1000));
    const staged = await store.stage(placeB, 300_000);
    await staged.write(sampleBytes(blockBytes));
    const successor = browserShardStore({ ...(await profile.takeOver()), clock });
    await successor.start();

    const attempts = [
      staged.write(sampleBytes(300_000).slice(blockBytes)),
      store.stage(placeC, 10),
      store.delete(placeA),
      store.setCapacity(1),
      store.start(),
    ];
    const outcomes = await Promise.allSettled(attempts);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'stale' } });
    await expect(staged.commit(sampleMeta(placeB, 300_000))).rejects.toMatchObject({ code: 'stale' });
    await expect(staged.discard()).rejects.toMatchObject({ code: 'stale' });

    expect(successor.usage()).toMatchObject({ capacity: 50_000_000, used: 1000, reserved: 0 });
    expect(await successor.list()).toEqual([placeA]);
    expect([await rows(), await blocks()]).toEqual([1, 1]);
  });
});

test('[STORE-19] when the browser has no more space: full, nothing half-written, and what is used is the capacity from then on', async () => {
  const disposeBucket = await useSmallBucket(900_000);
  const profile = testProfile();
  const { database, epoch } = await profile.restart();
  const store = browserShardStore({ database, epoch, clock });
  await store.start();
  await store.setCapacity(50_000_000);
  await hold(store, placeA, sampleBytes(1000));

  const bytes = sampleBytes(20 * blockBytes);
  const staged = await store.stage(placeB, bytes.length);
  await expect(writeAll(staged, bytes)).rejects.toMatchObject({ code: 'full' });
  expect(await database.connection.count('bytes')).toBe(1);
  await expect(staged.commit(sampleMeta(placeB, bytes.length))).rejects.toMatchObject({ code: 'full' });
  await staged.discard();
  expect(await database.connection.count('meta')).toBe(1);
  expect(store.usage()).toEqual({ capacity: 1000, headroom: 100, used: 1000, reserved: 0, diskFull: true });
  await expect(store.stage(placeB, 1)).rejects.toMatchObject({ code: 'full' });

  const again = browserShardStore({ ...(await profile.restart()), clock });
  await again.start();
  expect(again.usage()).toEqual({ capacity: 1000, headroom: 100, used: 1000, reserved: 0, diskFull: true });
  expectBytes(await again.read(placeA, 0, 1000), sampleBytes(1000));
  await again.setCapacity(50_000_000);
  expect(again.usage()).toMatchObject({ capacity: 50_000_000, diskFull: false });
  await profile.dispose();
  await disposeBucket();
});

interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<{ readonly indexedDB: IDBFactory }>;
  delete(name: string): Promise<void>;
}

/** Puts databases opened from here on into a storage bucket of `quota` bytes: a full disk, by the browser's own accounts. */
async function useSmallBucket(quota: number): Promise<() => Promise<void>> {
  const { storageBuckets } = navigator as Navigator & { readonly storageBuckets: StorageBuckets };
  const bucket = await storageBuckets.open('small', { quota });
  const usual = indexedDB;
  Object.defineProperty(globalThis, 'indexedDB', { value: bucket.indexedDB, configurable: true });
  return async () => {
    Object.defineProperty(globalThis, 'indexedDB', { value: usual, configurable: true });
    await storageBuckets.delete('small');
  };
}
