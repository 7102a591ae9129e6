import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

/* What was violated in a simulation once, each as the smallest scenario that shows it; the run that found it is in its name. */

test('[SIM-9, DEL-5] harsh, seed 9, 8 peers: a link opened before its file was deleted is not read from a holder that was away', async () => {
  const swarm = simulated('seed 9');
  const [away, other, reader] = (await swarm.joinMany(3, 20_000_000)) as [SimulatedPeer, SimulatedPeer, SimulatedPeer];
  const owner = await swarm.join(0);
  await swarm.pass(5_000);
  const id = owner.peer.drop(memoryFile('gone', new Uint8Array(1_000)));
  const file = () => owner.peer.snapshot().files[0];
  await swarm.until(() => file()?.state === 'stored');
  const capability = parseCapability(file()!.capability);
  if (capability.right !== 'read') throw new Error('not an R capability');
  const receive = reader.peer.open(capability);
  await swarm.until(() => reader.peer.snapshot().receives[0]!.state === 'ready');

  await away.peer.stop();
  await swarm.pass(1_000);
  await swarm.settled(owner.peer.remove(id));
  await owner.peer.stop();
  await other.peer.stop();
  const back = await swarm.join(20_000_000, { again: away });
  await swarm.until(() => reader.peer.snapshot().peers.some(({ node, linked }) => node === back.node && linked));
  expect(back.disk.held.size).toBe(1);
  const sink = memorySink();
  await expect(swarm.settled(reader.peer.download(receive, sink))).rejects.toMatchObject({ code: 'not-found' });
  expect(sink.parts).toEqual([]);
});
