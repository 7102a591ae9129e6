import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { memoryMetaStore, type ValueDisk } from '../platform/memory/meta-store.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryShardStore, type ShardDisk, shardDisk } from '../platform/memory/shard-store.ts';
import { metaStoreContract } from '../platform/meta-store.contract.ts';
import { placeA, sampleBytes, sampleMeta } from '../platform/shard-samples.contract.ts';
import { shardStoreLaw } from '../platform/shard-store-law.contract.ts';
import { shardStoreContract, type ShardStorage } from '../platform/shard-store.contract.ts';
import { createDevice } from './device.ts';
import { deviceMeta, deviceShards, rotShard, wipe } from './disk.ts';
import { peerClock } from './peer-clock.ts';

const bytes = sampleBytes(300_000);
const writeMs = 10;

/** One life over a disk, whose operations take time, or none. */
function live(disk: ShardDisk, values: ValueDisk, ms = writeMs) {
  const base = virtualClock(drain, 0);
  const clock = peerClock(base);
  const durable: string[] = [];
  const device = createDevice({ clock, writeMs: ms, readMs: ms / 2, durable: (what) => durable.push(what) });
  const shards = deviceShards(memoryShardStore(disk), disk, device);
  const meta = deviceMeta(memoryMetaStore(values), device);
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let over = false;
    const done = (): void => void (over = true);
    promise.then(done, done);
    await base.runUntil(() => over, base.now() + 10_000);
    return promise;
  };
  return { base, clock, device, durable, shards, meta, settled };
}

const calmShards = async (): Promise<ShardStorage> => {
  const disk = shardDisk();
  return { open: async () => live(disk, new Map(), 0).shards, dispose: async () => {} };
};
shardStoreContract('a simulated disk without faults', calmShards);
shardStoreLaw('a simulated disk without faults', calmShards, 50);
metaStoreContract('a simulated disk without faults', async () => {
  const values: ValueDisk = new Map();
  return { open: async () => live(shardDisk(), values, 0).meta, dispose: async () => {} };
});

/** A life in which a shard is staged, and the disk it is on. */
async function staging() {
  const [disk, values] = [shardDisk(), new Map() as ValueDisk];
  const life = live(disk, values);
  await life.settled(life.shards.start());
  await life.settled(life.shards.setCapacity(10_000_000));
  return { disk, values, ...life, staged: await life.settled(life.shards.stage(placeA, bytes.length)) };
}

/** The next life over the same disk. */
async function restarted(disk: ShardDisk, values: ValueDisk) {
  const life = live(disk, values);
  await life.settled(life.shards.start());
  const held = await life.settled(life.shards.meta(placeA));
  return { ...life, held: held !== undefined, usage: life.shards.usage(), note: await life.settled(life.meta.get('setting', 'note')) };
}

test('[SIM-7] an operation takes its time, changes happen in the order in which they were asked for, and are told when durable', async () => {
  const { base, staged, durable, shards, settled } = await staging();
  const beganMs = base.now();
  const written = [
    staged.write(bytes.subarray(0, 262_144)),
    staged.write(bytes.subarray(262_144)),
    staged.commit(sampleMeta(placeA, bytes.length)),
  ];
  expect(shards.usage().used).toBe(0);
  await settled(Promise.all(written));
  expect(base.now() - beganMs).toBe(writeMs);
  expect(durable.map((each) => each.split(' ')[0])).toEqual(['start', 'lend', 'stage', 'block', 'block', 'commit']);
  await settled(shards.read(placeA, 0, 10));
  expect(base.now() - beganMs).toBe(1.5 * writeMs);
});

test.each([
  { keep: 0, held: false, note: undefined },
  { keep: 3, held: true, note: undefined },
  { keep: 4, held: true, note: Uint8Array.of(7) },
])('[SIM-7] of what was under way at a crash the first $keep changes are there, and nobody is told', async ({ keep, held, note }) => {
  const { base, disk, values, staged, meta, device, clock } = await staging();
  let told = 0;
  const asked = [
    staged.write(bytes.subarray(0, 262_144)),
    staged.write(bytes.subarray(262_144)),
    staged.commit(sampleMeta(placeA, bytes.length)),
    meta.put('setting', 'note', Uint8Array.of(7)),
  ];
  for (const each of asked)
    each.then(
      () => told++,
      () => told++,
    );
  await base.run(base.now() + writeMs - 1);
  const crashed = device.crash((pending) => Math.min(keep, pending.length));
  clock.end();
  expect(crashed).toEqual({ torn: keep === 0 ? 1 : 0, lost: Math.max(0, 4 - keep - (keep === 0 ? 1 : 0)) });
  await base.run(base.now() + 1_000);
  expect(told).toBe(0);
  expect(await restarted(disk, values)).toMatchObject({ held, note, usage: { used: held ? bytes.length : 0, reserved: 0 } });
});

test('[SIM-7] what was said to be durable outlives every crash', async () => {
  const { disk, values, staged, meta, device, settled } = await staging();
  await settled(staged.write(bytes.subarray(0, 262_144)));
  await settled(staged.write(bytes.subarray(262_144)));
  await settled(staged.commit(sampleMeta(placeA, bytes.length)));
  await settled(meta.put('setting', 'note', Uint8Array.of(7)));
  device.crash(() => 0);
  expect(await restarted(disk, values)).toMatchObject({ held: true, note: Uint8Array.of(7) });
});

test('[SIM-7] a block torn by a crash is there by half, and swept at the next start', async () => {
  const { disk, values, staged, device } = await staging();
  let dies = 0;
  device.onWrite(true, () => dies++);
  void staged.write(bytes.subarray(0, 262_144));
  expect(dies).toBe(1);
  expect(device.crash((tearable) => tearable.indexOf(true))).toEqual({ torn: 1, lost: 0 });
  const [torn] = [...disk.staged.values()];
  expect(torn!.subarray(0, 131_072)).toEqual(bytes.subarray(0, 131_072));
  expect(torn!.subarray(131_072, 262_144).every((byte) => byte === 0)).toBe(true);
  expect(await restarted(disk, values)).toMatchObject({ held: false, usage: { used: 0, reserved: 0 } });
});

test('[SIM-7] a disk that is full takes nothing more, bits rot one at a time, and a wiped one is empty', async () => {
  const { disk, values, staged, meta, device, settled } = await staging();
  await settled(staged.write(bytes.subarray(0, 262_144)));
  await settled(staged.write(bytes.subarray(262_144)));
  await settled(staged.commit(sampleMeta(placeA, bytes.length)));
  const before = [...disk.held.values()][0]!.bytes.slice();
  expect(rotShard(disk, seededRandom('rot'))).toBe(true);
  const changed = [...disk.held.values()][0]!.bytes.map((byte, i) => byte ^ before[i]!).filter((byte) => byte !== 0);
  expect(changed).toHaveLength(1);
  expect(Math.log2(changed[0]!) % 1).toBe(0);
  device.isFull = true;
  await expect(settled(meta.put('setting', 'note', Uint8Array.of(1)))).rejects.toMatchObject({ code: 'full' });
  wipe(disk, values);
  expect(await restarted(disk, values)).toMatchObject({ held: false, usage: { used: 0, capacity: 0 } });
  expect(rotShard(disk, seededRandom('rot'))).toBe(false);
});
