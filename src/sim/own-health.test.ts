import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;
const hourMs = 3_600_000;

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0]!;
const selfOf = ({ peer }: SimulatedPeer) => peer.snapshot().self;
const drop = ({ peer }: SimulatedPeer, size: number) => peer.drop(memoryFile('kept.bin', seededRandom('kept').bytes(size)));

/** A file of 4+2 on six holders, and its owner. */
async function sixHolders(swarm: SimulatedSwarm) {
  const holders = await swarm.joinMany(6, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  drop(owner, 300_000);
  await swarm.until(() => fileOf(owner).state === 'stored');
  expect(fileOf(owner)).toMatchObject({ k: 4, m: 2, health: 'Safe' });
  return { owner, holders };
}

/** The peer again, with one byte of its first shard another one. */
async function damaged(swarm: SimulatedSwarm, holder: SimulatedPeer): Promise<SimulatedPeer> {
  await holder.peer.stop();
  const [shard] = holder.disk.held.values();
  shard!.bytes[0]! ^= 1;
  return swarm.join(capacity, { again: holder });
}

test('[OWN-3] a loss that a holder confesses shows at its owner at once', async () => {
  const swarm = simulated('confessed');
  const { owner, holders } = await sixHolders(swarm);
  await damaged(swarm, holders[0]!);
  await swarm.pass(20_000);
  expect(fileOf(owner)).toMatchObject({ health: 'Thin', margin: 1 });
  expect(fileOf(owner).sentence).toBe('Thin: 5 of 6 shards online, any 4 restore it, 1 of 5 peers can vanish');
  expect(fileOf(owner).holders.map(({ node }) => node)).not.toContain(holders[0]!.node);
});

test('[SYNC-3] a loss that its holder could not tell the owner comes to it by the keepers', async () => {
  let apart: readonly string[] = [];
  const failDial = (from: string, to: string) => (apart.includes(from) && apart.includes(to) ? 'no way' : undefined);
  const swarm = simulated('unheard', { failDial });
  const { owner, holders } = await sixHolders(swarm);
  apart = [owner.node, holders[0]!.node];
  await damaged(swarm, holders[0]!);
  await swarm.pass(1.25 * hourMs);
  expect(fileOf(owner)).toMatchObject({ health: 'Thin', margin: 1 });
});

test('[HOLD-9] a holder is needed once the object would be At risk without it, and no more when others are back', async () => {
  const swarm = simulated('needed');
  const { owner, holders } = await sixHolders(swarm);
  await swarm.pass(2_000);
  const needed = (): boolean[] => holders.map((holder) => selfOf(holder).needed);
  expect(needed()).toEqual([false, false, false, false, false, false]);
  expect(selfOf(owner).needed).toBe(false);
  await holders[0]!.peer.stop();
  await swarm.pass(2_000);
  expect(needed().slice(1)).toEqual([true, true, true, true, true]);
  expect(selfOf(owner).needed).toBe(false);
  const shown: boolean[] = [];
  holders[1]!.peer.watch(({ self }) => void shown.push(self.needed));
  await swarm.join(capacity, { again: holders[0]! });
  await swarm.pass(5_000);
  expect(needed().slice(1)).toEqual([false, false, false, false, false]);
  expect(shown.at(-1)).toBe(false);
});

test('[HEALTH-1, HOLD-9] holders of one failure domain count as one, for the owner and for who is needed', async () => {
  const swarm = simulated('domains');
  const holders: SimulatedPeer[] = [];
  for (let i = 0; i < 6; i++) holders.push(await swarm.join(capacity, { domain: `00000000000000${i % 3}0` }));
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  drop(owner, 300_000);
  await swarm.until(() => fileOf(owner).state === 'stored');
  await swarm.pass(2_000);
  expect(fileOf(owner).sentence).toBe('Thin: 6 of 6 shards online, any 4 restore it, 1 of 3 networks can vanish');
  expect(holders.map((holder) => selfOf(holder).needed)).toEqual(holders.map(() => true));
});

test('[HOLD-9] it knows so again after a restart, and that what it lost is not needed', async () => {
  const swarm = simulated('again');
  const { holders } = await sixHolders(swarm);
  await holders[0]!.peer.stop();
  await holders[1]!.peer.stop();
  const again = await swarm.join(capacity, { again: holders[1]! });
  await swarm.pass(5_000);
  expect(selfOf(again).needed).toBe(true);
  const lost = await damaged(swarm, again);
  await swarm.pass(30_000);
  expect(selfOf(lost).needed).toBe(false);
});

test('[HOLD-9] a holder that is no keeper asks for the others’ claims a minute after its store', async () => {
  const swarm = simulated('no keeper');
  // Eleven lend and take a copy each of three: most of the eight keepers hold nothing, and some holder is no keeper.
  const lenders = await swarm.joinMany(11, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  for (let i = 0; i < 8; i++) owner.peer.drop(memoryFile(`${i}`, seededRandom(`${i}`).bytes(100)));
  await swarm.until(() => owner.peer.snapshot().files.every(({ state }) => state === 'stored'));
  const keys = owner.peer.snapshot().files.flatMap(({ id, holders }) => holders.map(({ node }) => ({ id, node })));
  const claimsAt = ({ id, node }: (typeof keys)[number]): number => {
    const records = lenders.find((each) => each.node === node)!.values.get('record')!;
    const [key] = [...records.keys()].filter((each) => each.startsWith(id));
    return records.get(key!)!.length;
  };
  const before = keys.map(claimsAt);
  expect(Math.min(...before)).toBeLessThan(Math.max(...before));
  await swarm.pass(80_000);
  expect(new Set(keys.map(claimsAt)).size).toBe(1);
});
