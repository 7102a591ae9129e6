import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('choice');
});

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0]!;
const drop = ({ peer }: SimulatedPeer, size: number) => peer.drop(memoryFile('cargo.bin', seededRandom('cargo').bytes(size)));
const stored = (owner: SimulatedPeer, limitMs?: number) => swarm.until(() => fileOf(owner).state === 'stored', limitMs);

describe('[UP-1] a choice of (k, m)', () => {
  test('[UP-1] is made for everyone there when the tab opened, and not for who answers first', async () => {
    await swarm.joinMany(3, capacity);
    const owner = await swarm.join(0);
    drop(owner, 1_000);
    await stored(owner, 1_900);
    expect(fileOf(owner)).toMatchObject({ k: 1, m: 2, shards: [1, 1, 1] });
  });

  test('[UP-1] waits for those whose links take longer than the first', async () => {
    const slow = new Set<string>();
    const isSlow = (from: string, to: string): boolean => slow.has(from) || slow.has(to);
    const world = simulated('slow', {
      failDial: (from, to) => (isSlow(from, to) && world.clock.now() < openMs ? 'not yet' : undefined),
    });
    const openMs = world.clock.now() + 6_000;
    swarm = world;
    for (let i = 0; i < 6; i++) {
      const { node } = await swarm.join(capacity);
      if (i > 0) slow.add(node);
    }
    const owner = await swarm.join(0);
    drop(owner, 300_000);
    await swarm.pass(5_000);
    expect(fileOf(owner)).toMatchObject({ state: 'sealing', k: 0 });
    await stored(owner, 20_000);
    expect(fileOf(owner)).toMatchObject({ k: 4, m: 2, health: 'Safe', margin: 2 });
  });

  test('[UP-1] waits 10 s and no longer for a peer that cannot be reached, and later drops do not wait again', async () => {
    let unreachable = '';
    swarm = simulated('unreachable', { failDial: (from, to) => ([from, to].includes(unreachable) ? 'no way' : undefined) });
    const [, lost] = await swarm.joinMany(2, capacity);
    unreachable = lost!.node;
    const owner = await swarm.join(0);
    drop(owner, 1_000);
    await swarm.pass(9_500);
    expect(fileOf(owner)).toMatchObject({ state: 'sealing', k: 0 });
    await stored(owner, 1_500);
    expect(fileOf(owner)).toMatchObject({ k: 1, m: 0 });
    drop(owner, 1_000);
    await stored(owner, 500);
  });

  test('[UP-1] is put off while those come that an owner alone waited for, one after another', async () => {
    const owner = await swarm.join(0);
    drop(owner, 300_000);
    await swarm.pass(30_000);
    expect(fileOf(owner)).toMatchObject({ state: 'waiting', k: 0 });
    for (let i = 0; i < 6; i++) {
      await swarm.join(capacity);
      await swarm.pass(1_300);
    }
    await stored(owner, 5_000);
    expect(fileOf(owner)).toMatchObject({ k: 4, m: 2, health: 'Safe', margin: 2 });
  });

  test('[UP-1] is put off by 10 s at most, however many go on coming', async () => {
    const owner = await swarm.join(0);
    drop(owner, 300_000);
    await swarm.pass(3_000);
    for (let i = 0; i < 6; i++) {
      await swarm.join(capacity);
      await swarm.pass(2_000);
    }
    expect(fileOf(owner)).toMatchObject({ state: 'stored', k: 4, m: 2 });
  });

  test('[UP-1] is not put off by those who come and lend nothing', async () => {
    await swarm.joinMany(3, capacity);
    const owner = await swarm.join(0);
    await swarm.pass(10_000);
    await swarm.join(0);
    await swarm.pass(1_000);
    drop(owner, 1_000);
    await stored(owner, 1_000);
    expect(fileOf(owner)).toMatchObject({ k: 1, m: 2 });
  });
});
