import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import type { Snapshot } from '../peer/snapshot.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

test('[SNAP-1] however much changes, snapshots come at most 10 times a second, and the last one says how it ended', async () => {
  const swarm = simulated('snapshots');
  await swarm.joinMany(3, 10_000_000);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('kept.bin', new Uint8Array(10)));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  const shown: { readonly ms: number; readonly snapshot: Snapshot }[] = [];
  owner.peer.watch((snapshot) => void shown.push({ ms: swarm.clock.now(), snapshot }));
  owner.peer.drop(memoryFile('sent.bin', seededRandom('sent').bytes(300_000)));
  for (let capacity = 1; capacity <= 200; capacity++) {
    await owner.peer.contribute(capacity);
    await swarm.pass(10);
  }
  await swarm.pass(1_000);
  expect(shown.length).toBeGreaterThan(18);
  for (const [i, { ms }] of shown.entries()) if (i > 1) expect(ms - shown[i - 1]!.ms).toBeGreaterThanOrEqual(100);
  const last = shown.at(-1)!.snapshot;
  expect(last.self.capacity).toBe(200);
  expect(last.files.map(({ name, state }) => [name, state])).toEqual([
    ['sent.bin', 'stored'],
    ['kept.bin', 'stored'],
  ]);
  // The other file was looked at all the time, and its view never made anew.
  expect(new Set(shown.map(({ snapshot }) => snapshot.files.at(-1))).size).toBe(1);
});
