import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { bandwidthMin } from '../core/wire/limits.ts';
import { capsOf } from '../peer/links/cap.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0]!;

for (const [who, owners, holders] of [
  ['the uploader has', { up: bandwidthMin, down: bandwidthMin }, {}],
  ['every holder has', {}, { up: bandwidthMin, down: bandwidthMin }],
] as const) {
  test(`[RATE-5] where ${who} the least bandwidth that can be set, nobody is taken for stalled`, async () => {
    const swarm = simulated('capped');
    for (let i = 0; i < 6; i++) await swarm.join(100_000_000, { options: { caps: capsOf(holders, swarm.clock) } });
    const owner = await swarm.join(0, { options: { caps: capsOf(owners, swarm.clock) } });
    await swarm.pass(5_000);
    const bytes = seededRandom('cargo').bytes(800_000);
    owner.peer.drop(memoryFile('cargo.bin', bytes));
    await swarm.until(() => fileOf(owner).state === 'stored', 200_000);
    const told = owner.peer.snapshot().events.filter(({ kind }) => kind === 'verdict' || kind === 'refused');
    expect(told).toEqual([]);
    expect(owner.peer.snapshot().peers.filter(({ state }) => state === 'live')).toHaveLength(6);
  });
}
