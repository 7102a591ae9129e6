import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

const capacity = 100_000_000;

test('[MEM-8] each of six holders killed in turn is back for its owner seconds after it was started again, with its shards', async () => {
  const swarm = simulated('killed in turn');
  let holders = await swarm.joinMany(6, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('kept.bin', seededRandom('kept').bytes(300_000)));
  const file = () => owner.peer.snapshot().files[0]!;
  await swarm.until(() => file().state === 'stored');
  const whole = { health: 'Safe', margin: 2, shards: [1, 1, 1, 1, 1, 1] };
  // Of these some dial the owner and some are dialled by it: both ways must heal.
  expect(new Set(holders.map(({ node }) => node < owner.node)).size).toBe(2);

  for (const holder of holders) {
    const stateOf = () => owner.peer.snapshot().peers.find(({ node }) => node === holder.node);
    holder.kill();
    await swarm.pass(1_000);
    const again = await swarm.join(capacity, { again: holder });
    const linked = () => again.peer.snapshot().peers.filter((peer) => peer.linked && peer.state === 'live').length;
    await swarm.until(() => linked() === 6, 15_000);
    expect(again.peer.snapshot().self.shards).toBe(1);
    await swarm.pass(500);
    expect(stateOf()).toMatchObject({ state: 'live', linked: true, used: expect.any(Number) });
    expect(file()).toMatchObject(whole);
    holders = holders.map((each) => (each === holder ? again : each));
  }
});

test('[MEM-8] one that stays away a while is missed, and counts again as soon as it is linked', async () => {
  const swarm = simulated('killed long');
  const holders = await swarm.joinMany(6, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('kept.bin', seededRandom('kept').bytes(300_000)));
  const file = () => owner.peer.snapshot().files[0]!;
  await swarm.until(() => file().state === 'stored');
  for (const killed of [holders[0]!, holders[5]!]) {
    killed.kill();
    // Its link stays open at this end: only heartbeats decide.
    await swarm.until(() => file().margin === 1, 90_000);
    await swarm.join(capacity, { again: killed });
    await swarm.until(() => file().margin === 2, 10_000);
    // And that does not end with whatever the old link does.
    await swarm.pass(200_000);
    expect(file()).toMatchObject({ margin: 2, health: 'Safe' });
  }
});
