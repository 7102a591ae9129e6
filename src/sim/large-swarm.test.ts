import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { linksMax, linksWanted } from '../core/wire/limits.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

/** So many that nobody has a link to all of them. */
const peers = 72;

test('[DIAL-8, READ-3] whoever comes to a large swarm is let in, and reads a file from holders to which it had no link', async () => {
  const swarm = simulated('large2');
  const first = await swarm.joinMany(peers, 2_000_000);
  const [owner] = await swarm.joinMany(1, 0);
  const file = seededRandom('large').bytes(60_000);
  owner!.peer.drop(memoryFile('large.bin', file));
  await swarm.until(() => owner!.peer.snapshot().files[0]!.state === 'stored');
  const { capability } = owner!.peer.snapshot().files[0]!;
  await owner!.peer.stop();
  const holders = first.filter(({ disk }) => disk.held.size > 0).map(({ node }) => node);

  const newcomers = await swarm.joinMany(4, 0);
  const linksOf = ({ peer }: SimulatedPeer): string[] => peer.parts.links.sessions().map(({ node }) => node);
  for (const each of [...first, ...newcomers]) {
    expect(linksOf(each).length).toBeGreaterThanOrEqual(linksWanted);
    expect(linksOf(each).length).toBeLessThanOrEqual(linksMax);
  }
  const reader = newcomers.find((each) => !linksOf(each).some((node) => holders.includes(node)));
  if (reader === undefined) throw new Error('Everyone happens to be linked to a holder: another seed is needed.');

  const read = parseCapability(capability);
  if (read.right !== 'read') throw new Error('not an R capability');
  const sink = memorySink();
  await swarm.settled(reader.peer.download(reader.peer.open(read), sink));
  expect(concatBytes(...sink.parts)).toEqual(file);
});
