import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 10_000_000;
const file = seededRandom('cargo').bytes(300_000);

/** A swarm of `count` holders in which a file was stored by an owner that has left. */
async function stored(count: number) {
  const swarm = simulated(`survival ${count}`);
  const holders = await swarm.joinMany(count, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('cargo.bin', file));
  const view = () => owner.peer.snapshot().files[0]!;
  await swarm.until(() => view().state === 'stored');
  const { capability, k, m } = view();
  await owner.peer.stop();
  return { swarm, holders, capability, code: [k, m] };
}

/** Whether a peer that was not there before reads the file, while the holders named are gone; afterwards they are back. */
async function readable(swarm: SimulatedSwarm, holders: SimulatedPeer[], gone: readonly number[], text: string): Promise<boolean> {
  for (const each of gone) await holders[each]!.peer.stop();
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const capability = parseCapability(text);
  if (capability.right !== 'read') throw new Error('not an R capability');
  const sink = memorySink();
  const done = reader.peer.download(reader.peer.open(capability), sink).catch(() => {});
  await swarm.pass(20_000);
  const read = sink.state() === 'closed' && Buffer.compare(concatBytes(...sink.parts), file) === 0;
  await reader.peer.stop();
  await done;
  for (const each of gone) holders[each] = await swarm.join(capacity, { again: holders[each]! });
  await swarm.pass(5_000);
  return read;
}

const indexes = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('[FLOW-2] with 4+2 shards on 6 holders each of the 15 pairs may vanish, and no three', async () => {
  const { swarm, holders, capability, code } = await stored(6);
  expect(code).toEqual([4, 2]);
  expect(holders.map(({ disk }) => disk.held.size)).toEqual([1, 1, 1, 1, 1, 1]);
  for (const first of indexes(6))
    for (const second of indexes(first))
      expect([first, second, await readable(swarm, holders, [first, second], capability)]).toEqual([first, second, true]);
  expect(await readable(swarm, holders, [0, 2, 5], capability)).toBe(false);
});

test('[FLOW-3] with two shards on each of 3 holders each one may vanish, and no two', async () => {
  const { swarm, holders, capability, code } = await stored(3);
  expect(code).toEqual([4, 2]);
  expect(holders.map(({ disk }) => disk.held.size)).toEqual([2, 2, 2]);
  for (const gone of indexes(3)) expect([gone, await readable(swarm, holders, [gone], capability)]).toEqual([gone, true]);
  expect(await readable(swarm, holders, [0, 1], capability)).toBe(false);
});

test('[HEALTH-1] who has just come back says Waiting, and Lost only after nobody came for 15 minutes', async () => {
  const swarm = simulated('come back');
  const [holder] = (await swarm.joinMany(1, capacity)) as [SimulatedPeer];
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('cargo.bin', file));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  await owner.peer.stop();
  await holder.peer.stop();
  const again = await swarm.join(0, { again: owner });
  const health = () => again.peer.snapshot().files[0]!.health;
  await swarm.pass(5_000);
  expect(health()).toBe('Waiting');
  await swarm.pass(14 * 60_000);
  expect(health()).toBe('Waiting');
  await swarm.pass(2 * 60_000);
  expect(health()).toBe('Lost');
});
