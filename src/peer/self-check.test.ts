import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { ShoalError } from '../core/errors.ts';
import { merkleRoot } from '../core/merkle/tree.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { memoryShardStore, shardDisk } from '../platform/memory/shard-store.ts';
import type { Place, ShardStore } from './ports.ts';
import { createSelfCheck } from './self-check.ts';
import { createTask } from './task.ts';

/** A store of four small shards under check, and a link whose bytes the test counts. */
async function checking(wrap: (store: ShardStore) => ShardStore = (store) => store) {
  const clock = virtualClock(drain);
  const crypto = nobleCrypto();
  const disk = shardDisk();
  const store = memoryShardStore(disk);
  await store.start();
  await store.setCapacity(10_000);
  const places = [0, 1, 2, 3].map((shard): Place => ({ contentRoot: 'ab'.repeat(32), segment: 0, shard }));
  for (const place of places) {
    const bytes = new Uint8Array(64).fill(place.shard);
    const staged = await store.stage(place, bytes.length);
    await staged.write(bytes);
    const digests = concatBytes(await crypto.sha256(bytes));
    await staged.commit({ ...place, length: 64, root: merkleRoot(digests), digests, owner: new Uint8Array(32), lease: 0 });
  }
  const stats = { sent: 0, received: 0 };
  const lost: number[] = [];
  const removed: number[] = [];
  const task = createTask('ended');
  const check = createSelfCheck({
    clock,
    crypto,
    shards: wrap(store),
    // Nothing else of links and claims is looked at.
    links: { sessions: () => [{ stats }] },
    claims: {
      places: () => places.filter(({ shard }) => !removed.includes(shard)),
      missing: async () => removed.map((shard) => ({ place: places[shard]!, recordKey: 'record' })),
      remove: ({ shard }) => removed.push(shard),
    },
    log: () => {},
    changed() {},
    lost: ({ shard }) => lost.push(shard),
    task,
  });
  let over = false;
  void check.run().then(() => (over = true));
  return { check, stats, lost, removed, disk, task, over: () => over, pass: (ms: number) => clock.run(clock.now() + ms) };
}

test('[HOLD-7] while data moves on the links it pauses longer between shards', async () => {
  const { check, stats, pass, over } = await checking();
  await pass(100);
  expect(check.view().checked).toBe(1);
  stats.sent += 65_536;
  // The pause that has begun is a short one.
  await pass(100);
  expect(check.view().checked).toBe(2);
  await pass(1_900);
  expect(check.view().checked).toBe(2);
  await pass(100);
  expect(check.view().checked).toBe(3);
  await pass(100);
  expect(check.view()).toEqual({ total: 4, checked: 4, lost: 0 });
  expect(over()).toBe(true);
});

test('[HOLD-7] a shard that cannot be read twice is lost; a store that was taken over loses nothing, and the check ends', async () => {
  let failures = 0;
  const broken = await checking((store) => ({
    ...store,
    async read(place, offset, length) {
      if (place.shard === 1 || (place.shard === 2 && failures++ === 0)) throw new ShoalError('internal', 'not read');
      return store.read(place, offset, length);
    },
  }));
  await broken.pass(10_000);
  expect(broken).toMatchObject({ lost: [1], removed: [1] });
  expect(broken.check.view()).toEqual({ total: 4, checked: 4, lost: 1 });
  expect(broken.disk.held.size).toBe(3);

  const fenced = await checking((store) => ({
    ...store,
    async read() {
      throw new ShoalError('stale', 'taken over');
    },
  }));
  await fenced.pass(10_000);
  expect(fenced).toMatchObject({ lost: [], removed: [] });
  expect({ over: fenced.over(), checked: fenced.check.view().checked, held: fenced.disk.held.size }).toEqual({
    over: true,
    checked: 0,
    held: 4,
  });
});

test('[HOLD-7] it ends with its peer', async () => {
  const { check, task, pass, over } = await checking();
  await pass(100);
  task.end();
  await pass(10_000);
  expect({ over: over(), checked: check.view().checked }).toEqual({ over: true, checked: 1 });
});

test('[HOLD-7] a shard that the store no longer has when its turn comes is lost, and claimed no more', async () => {
  const { check, lost, removed, pass } = await checking((store) => ({
    ...store,
    meta: async (place) => (place.shard === 1 ? undefined : store.meta(place)),
  }));
  await pass(1_000);
  expect(check.view()).toEqual({ total: 4, checked: 4, lost: 1 });
  expect([removed, lost]).toEqual([[1], [1]]);
});
