import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

const file = memoryFile('asked.bin', seededRandom('asked').bytes(100_000));

test.each([
  [{ k: 2, m: 3 }, [1, 1, 1, 2]],
  [{ k: 10, m: 6 }, [4, 4, 4, 4]],
  [{ k: 1, m: 0 }, [1]],
])('[PLACE-4] an upload takes the profile asked for, %j, on four peers', async (profile, loads) => {
  const swarm = simulated('profiles');
  await swarm.joinMany(4, 100_000_000);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop({ ...file, profile });
  const view = () => owner.peer.snapshot().files[0]!;
  await swarm.until(() => view().state === 'stored');
  expect(view()).toMatchObject(profile);
  const held = view().holders.map(({ shards }) => shards.length);
  expect(held.toSorted((a, b) => a - b)).toEqual(loads);
});

test.each([
  { k: 0, m: 2 },
  { k: 1, m: -1 },
  { k: 200, m: 56 },
  { k: 1.5, m: 1 },
  { k: Number.NaN, m: 1 },
])('[PLACE-4] %j is no profile', async (profile) => {
  const swarm = simulated('profiles');
  const owner = await swarm.join(0);
  expect(() => owner.peer.drop({ ...file, profile })).toThrow(expect.objectContaining({ code: 'bad-input' }));
  expect(owner.peer.snapshot().files).toEqual([]);
});
