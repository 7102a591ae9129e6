import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

const capacity = 50_000_000;
/** After this a peer that has gone is forgotten. */
const forgottenMs = 960_000;

test('[DIAL-1, MEM-5] twelve peers have one link for each pair, and after 50 joins and leaves nothing is left of who has gone', async () => {
  const swarm = simulated('churn');
  const peers = await swarm.joinMany(12, capacity);
  const pairs = (12 * 11) / 2;
  expect([...swarm.network.openLinks().values()]).toEqual(Array.from({ length: pairs }, () => 1));

  for (let round = 0; round < 50; round++) {
    const guest = await swarm.join(0);
    await swarm.pass(2_000);
    expect(guest.peer.snapshot().peers.filter(({ linked }) => linked)).toHaveLength(12);
    // Every other one goes without a word.
    if (round % 2 === 0) for (const { node } of peers) swarm.network.cut(guest.node, node);
    await guest.peer.stop();
    await swarm.pass(500);
  }
  await swarm.pass(1_000);
  expect([...swarm.network.openLinks().values()]).toEqual(Array.from({ length: pairs }, () => 1));
  await swarm.pass(forgottenMs);
  const nodes = peers.map(({ node }) => node).sort();
  for (const { node, peer } of peers) {
    const known = peer.snapshot().peers;
    expect(known.map((each) => each.node).sort()).toEqual(nodes.filter((each) => each !== node));
    expect(known.every(({ linked, state }) => linked && state === 'live')).toBe(true);
  }
});

test('[DIAL-10] signaling that goes away for a minute ends no transfer and no link; when it is back nobody redials, and new peers join', async () => {
  let dials = 0;
  const swarm = simulated('away', { bytesPerSecond: 12_000, failDial: () => (dials++, undefined) });
  const holders = await swarm.joinMany(4, capacity);
  const owner = await swarm.join(0);
  await swarm.pass(3_000);
  const linksBefore = [...swarm.network.openLinks()];
  const dialsBefore = dials;

  owner.peer.drop(memoryFile('slow.bin', seededRandom('slow').bytes(2_500_000)));
  const file = () => owner.peer.snapshot().files[0]!;
  await swarm.until(() => file().bytesStored > 0);
  swarm.network.setSignaling(false);
  await swarm.pass(1_000);
  expect(owner.peer.snapshot().self.signaling).not.toBe('joined');
  await swarm.pass(59_000);
  expect({ state: file().state, moved: file().bytesStored > 500_000 }).toEqual({ state: 'spreading', moved: true });
  swarm.network.setSignaling(true);
  await swarm.until(() => file().state === 'stored');
  await swarm.pass(60_000);
  expect([...swarm.network.openLinks()]).toEqual(linksBefore);
  expect(dials).toBe(dialsBefore);
  expect(owner.peer.snapshot().events.filter(({ kind }) => kind === 'signaling')).toMatchObject([
    { state: 'joined' },
    { state: 'lost' },
    { state: 'joined' },
  ]);

  const late = await swarm.join(0);
  await swarm.pass(3_000);
  const linked = (of: SimulatedPeer): number => of.peer.snapshot().peers.filter((each) => each.linked).length;
  expect([late, owner, ...holders].map(linked)).toEqual([5, 5, 5, 5, 5, 5]);
});
