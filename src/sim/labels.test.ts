import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { JoinOptions, SimulatedPeer } from './swarm.ts';

const capacity = 100_000_000;
const hint = (i: number): string => `00000000000000${i}0`;

/** A file of 4+2 on peers that join as said, and its owner. */
async function storedAmong(peers: readonly JoinOptions[]) {
  const swarm = simulated('labels');
  const holders: SimulatedPeer[] = [];
  for (const options of peers) holders.push(await swarm.join(capacity, options));
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('kept.bin', seededRandom('kept').bytes(300_000)));
  const file = () => owner.peer.snapshot().files[0]!;
  await swarm.until(() => file().state === 'stored');
  const shardsOf = ({ node }: SimulatedPeer): number => file().holders.find((holder) => holder.node === node)?.shards.length ?? 0;
  return { swarm, holders, owner, file, shardsOf };
}

const labelled = (domain: string, rest: JoinOptions = {}): JoinOptions => ({ ...rest, options: { hints: { class: 'anchor', domain } } });

test('[BEAT-6, MEM-9] what an operator says of a peer is shown to those linked and to those that hear of it through others', async () => {
  let apart: readonly string[] = [];
  const failDial = (from: string, to: string) => (apart.includes(from) && apart.includes(to) ? 'no way' : undefined);
  const swarm = simulated('said', { failDial });
  const [near, far] = (await swarm.joinMany(2, 0)) as [SimulatedPeer, SimulatedPeer];
  const quiet = await swarm.join(0, { domain: hint(1) });
  const says = swarm.join(capacity, { domain: hint(1), options: { hints: { domain: 'Zürich, rack 4', region: 'eu' } } });
  const said = await says;
  apart = [far.node, said.node];
  await swarm.pass(100_000);
  for (const peer of [near, far]) {
    const views = peer.peer.snapshot().peers;
    expect(views.find(({ node }) => node === said.node)).toMatchObject({ domain: 'label:Zürich, rack 4', region: 'eu' });
    expect(views.find(({ node }) => node === quiet.node)).toMatchObject({ domain: hint(1) });
    expect(views.find(({ node }) => node === quiet.node)).not.toHaveProperty('region');
  }
});

test('[PLACE-3, HEALTH-1] peers that one operator calls one domain are one, though their networks differ', async () => {
  const { file } = await storedAmong([0, 1, 2, 3, 4, 5].map((i) => labelled(`site ${i % 3}`, { domain: hint(i) })));
  expect(file()).toMatchObject({ health: 'Thin', margin: 1, sentence: expect.stringMatching(/1 of 3 networks can vanish$/) });
});

test('[PLACE-3, HEALTH-1] names of their own do not take peers out of the network that they share', async () => {
  const sybils = [0, 1, 2, 3, 4, 5].map((i) => labelled(`mine ${i}`, { domain: hint(9) }));
  const honest = [0, 1].map((i) => ({ domain: hint(i) }));
  const { holders, shardsOf, file } = await storedAmong([...sybils, ...honest]);
  // Without names they get no less: two each for the two networks beside theirs.
  const taken = holders.slice(0, 6).reduce((sum, holder) => sum + shardsOf(holder), 0);
  expect(taken).toBe(2);
  expect(file()).toMatchObject({ margin: 1, sentence: expect.stringMatching(/1 of 3 networks can vanish$/) });
  const { file: alone } = await storedAmong(sybils);
  expect(alone()).toMatchObject({ margin: 0, sentence: expect.stringMatching(/but all 6 peers are in one network$/) });
});

test('[MEM-9] a name cannot be that of a network', async () => {
  const { file } = await storedAmong([labelled(hint(1)), ...[1, 2, 3, 4, 5].map((i) => ({ domain: hint(i) }))]);
  expect(file()).toMatchObject({ health: 'Safe', sentence: expect.stringMatching(/2 of 6 peers can vanish$/) });
});

test('[HEALTH-4] when all holders are on one machine the sentence says so, until one elsewhere holds some of it', async () => {
  const { file } = await storedAmong(Array.from({ length: 6 }, () => ({ local: true as const })));
  expect(file()).toMatchObject({
    margin: 2,
    sentence: 'Safe: 6 of 6 shards online, any 4 restore it, 2 of 6 peers can vanish; all on one machine',
  });
  const { file: mixed, owner } = await storedAmong([{}, ...Array.from({ length: 5 }, () => ({ local: true as const }))]);
  expect(mixed().sentence).toBe('Safe: 6 of 6 shards online, any 4 restore it, 2 of 6 peers can vanish');
  expect(owner.peer.snapshot().peers.filter(({ local }) => local)).toHaveLength(5);
});
