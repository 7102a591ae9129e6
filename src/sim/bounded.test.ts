import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { blockBytes } from '../core/object/geometry.ts';
import { emptyBody, kinds } from '../core/wire/kinds.ts';
import { streamCreditBytes } from '../core/wire/limits.ts';
import type { Codec } from '../peer/ports.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

/** With one lender the code is 1+0: a stripe is one block. */
const file = memoryFile('long.bin', new Uint8Array(16 * blockBytes));

test('[UP-2] an upload seals at most 2 stripes ahead of a holder that takes nothing, beyond its credit', async () => {
  const swarm = simulated('bounded upload');
  const holder = await swarm.joinRaw();
  holder.links.handle(kinds.store, async ({ cancelled }) => {
    await cancelled;
    return emptyBody.write({});
  });
  const sealed: number[] = [];
  const watched = (inner: Codec): Codec => ({
    open: (job) => inner.open(job),
    async seal(job) {
      const sealer = await inner.seal(job);
      return {
        commit: (progress) => sealer.commit(progress),
        stripe(stripe, shards, spare) {
          sealed.push(stripe);
          return sealer.stripe(stripe, shards, spare);
        },
        close: () => sealer.close(),
      };
    },
  });
  const owner = await swarm.join(0, { around: (ports) => ({ ...ports, codec: watched(ports.codec) }) });
  await swarm.pass(2_000);
  await holder.beat();
  await swarm.pass(1_000);
  owner.peer.drop(file);
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'spreading');
  await swarm.pass(5_000);
  expect(sealed.length).toBeGreaterThan(0);
  expect(Math.max(...sealed)).toBeLessThanOrEqual(streamCreditBytes / blockBytes + 2);
});

test('[READ-2] a download fetches at most 3 stripes ahead of a sink that takes nothing', async () => {
  const swarm = simulated('bounded download');
  await swarm.joinMany(1, 100_000_000);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(file);
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  const capability = parseCapability(owner.peer.snapshot().files[0]!.capability);
  if (capability.right !== 'read') throw new Error('not an R capability');
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const full = { ...memorySink(), write: () => new Promise<never>(() => {}) };
  reader.peer.download(reader.peer.open(capability), full).catch(() => {});
  await swarm.pass(30_000);
  const received = reader.peer.snapshot().peers.reduce((sum, peer) => sum + peer.received, 0);
  expect(received).toBeGreaterThan(blockBytes);
  // The one that waits to be written, three more, the leaf of the header, and what goes with them.
  expect(received).toBeLessThan(4.5 * blockBytes);
});
