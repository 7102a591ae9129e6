import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const minuteMs = 60_000;
const capacity = 100_000_000;

async function join(swarm: SimulatedSwarm, count: number, lent: number): Promise<SimulatedPeer[]> {
  const peers: SimulatedPeer[] = [];
  for (let i = 0; i < count; i++) peers.push(await swarm.join(lent));
  await swarm.clock.run(swarm.clock.now() + 5_000);
  return peers;
}

/** Stores a file with one peer and gives the text of its R capability. */
async function store(swarm: SimulatedSwarm, owner: SimulatedPeer, bytes: Uint8Array): Promise<string> {
  owner.peer.drop(memoryFile('voyage.bin', bytes));
  const file = () => owner.peer.snapshot().files[0];
  await swarm.clock.runUntil(() => ['stored', 'failed', 'cancelled'].includes(file()?.state ?? ''), swarm.clock.now() + 5 * minuteMs);
  expect(file()).toMatchObject({ state: 'stored' });
  return file()!.capability;
}

/** Opens a capability in a peer that was not there before, and downloads. */
async function read(swarm: SimulatedSwarm, text: string): Promise<{ reader: SimulatedPeer; bytes: Uint8Array }> {
  const [reader] = await join(swarm, 1, 0);
  const capability = parseCapability(text);
  if (capability.right !== 'read') throw new Error('not an R capability');
  const id = reader!.peer.open(capability);
  const sink = memorySink();
  const done = reader!.peer.download(id, sink);
  done.catch(() => {});
  await swarm.clock.runUntil(() => sink.state() !== 'open', swarm.clock.now() + 5 * minuteMs);
  await done;
  return { reader: reader!, bytes: concatBytes(...sink.parts) };
}

const held = ({ disk }: SimulatedPeer): number => disk.held.size;

/** Seven holders, an owner and a later reader: nine peers, one file, one trace. */
async function play(seed: string) {
  const swarm = simulated(seed, { crypto: nodeCrypto() });
  const storers = await join(swarm, 7, capacity);
  const [owner] = await join(swarm, 1, capacity);
  const file = seededRandom(`${seed}/file`).bytes(300_000);
  const capability = await store(swarm, owner!, file);
  await owner!.peer.stop();
  const { bytes } = await read(swarm, capability);
  return { swarm, storers, owner: owner!, file, bytes, trace: swarm.trace.hash() };
}

test('[SIM-1] nine peers: stored by one, read by another after the owner left; the owner holds nothing of it', async () => {
  const { storers, owner, file, bytes } = await play('first');
  expect(bytes).toEqual(file);
  expect(held(owner)).toBe(0);
  expect(storers.reduce((sum, storer) => sum + held(storer), 0)).toBe(6);
});

test('[SIM-2] the same seed gives the same trace, another seed another one', async () => {
  const [first, again, other] = [await play('one'), await play('one'), await play('two')];
  expect(again.trace).toBe(first.trace);
  expect(other.trace).not.toBe(first.trace);
});

test('[READ-2] a holder that serves a changed byte is replaced and marked', async () => {
  const swarm = simulated('flip', { crypto: nodeCrypto() });
  const storers = await join(swarm, 6, capacity);
  const [owner] = await join(swarm, 1, 0);
  const file = seededRandom('flip/file').bytes(300_000);
  const capability = await store(swarm, owner!, file);
  const liar = storers.find((storer) => [...storer.disk.held.values()].some(({ meta }) => meta.shard === 0))!;
  for (const { bytes } of liar.disk.held.values()) bytes[0]! ^= 1;
  const { reader, bytes } = await read(swarm, capability);
  expect(bytes).toEqual(file);
  const marked = reader.peer.snapshot().peers.filter(({ verdicts }) => verdicts.length > 0);
  expect(marked.map(({ node }) => node)).toEqual([liar.node]);
});

test('[UP-4] without anyone who lends storage an upload waits, and goes on when somebody comes', async () => {
  const swarm = simulated('alone', { crypto: nodeCrypto() });
  const [owner] = await join(swarm, 1, 0);
  owner!.peer.drop(memoryFile('patient.bin', new Uint8Array(1_000)));
  await swarm.clock.run(swarm.clock.now() + minuteMs);
  expect(owner!.peer.snapshot().files[0]).toMatchObject({ state: 'waiting' });
  await join(swarm, 2, capacity);
  await swarm.clock.run(swarm.clock.now() + minuteMs);
  expect(owner!.peer.snapshot().files[0]).toMatchObject({ state: 'stored', k: 1 });
});

test('[UP-3] a holder without room is replaced by one that has it', async () => {
  const swarm = simulated('full', { crypto: nodeCrypto() });
  await join(swarm, 5, capacity);
  const [owner] = await join(swarm, 1, 0);
  // Lends enough to be asked and, once asked twice, no more.
  await join(swarm, 1, 120_000);
  const capability = await store(swarm, owner!, seededRandom('full/file').bytes(300_000));
  const { bytes } = await read(swarm, capability);
  expect(bytes).toEqual(seededRandom('full/file').bytes(300_000));
});
