import { describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import type { Head } from '../core/record/heads.ts';
import type { RecordState } from '../core/record/record.ts';
import { findRecord, look } from '../peer/examine.ts';
import { createTask } from '../peer/task.ts';
import { type ShardResult, type VerifyProgress, verifyObject } from '../peer/verify-object.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;
const words = 'Interrupted.';

/** A file of 4+2 on six holders, its owner gone, and a peer that has nothing but its public key. */
async function stored(size = 300_000, holdersCount = 6) {
  const swarm = simulated('verified');
  const holders = await swarm.joinMany(holdersCount, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('kept.bin', seededRandom('kept').bytes(size)));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  const view = owner.peer.snapshot().files[0]!;
  const { objectKey } = parseCapability(view.capability) as { objectKey: Uint8Array };
  await owner.peer.stop();
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  return { swarm, holders, reader, objectKey, view };
}

async function verified({ swarm, reader, objectKey }: { swarm: SimulatedSwarm; reader: SimulatedPeer; objectKey: Uint8Array }) {
  const told: VerifyProgress[] = [];
  const results = await swarm.settled(verifyObject(reader.peer.parts, objectKey, createTask(words), (made) => void told.push(made)));
  return { results, told };
}

const outcomesOf = (results: readonly ShardResult[], { node }: SimulatedPeer): string[] =>
  results.filter((result) => result.node === node).map(({ outcome }) => outcome);
/** Changes one byte of the first shard held. */
function damage({ disk }: SimulatedPeer, at: number): void {
  const [shard] = disk.held.values();
  const bytes = shard!.bytes;
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
}

const verdictsOf = ({ peer }: SimulatedPeer) => peer.snapshot().peers.flatMap(({ node, verdicts }) => verdicts.map(() => node));

describe('verify', () => {
  test('[EXAM-2] every claimed shard is read in full from its holder and found to be the signed one', async () => {
    const made = await stored(1_100_000);
    const sentBefore = made.holders.map(({ peer }) => peer.snapshot().peers.reduce((sum, { sent }) => sum + sent, 0));
    const { results, told } = await verified(made);
    expect(results.map(({ segment, shard, outcome }) => [segment, shard, outcome])).toEqual(
      [0, 1, 2, 3, 4, 5].map((shard) => [0, shard, 'ok']),
    );
    const bytes = made.view.bytesTotal;
    expect(told[0]).toEqual({ shardsDone: 0, shards: 6, bytesDone: 0, bytes });
    expect(told.at(-1)).toEqual({ shardsDone: 6, shards: 6, bytesDone: bytes, bytes });
    expect(verdictsOf(made.reader)).toEqual([]);
    const sent = made.holders.map(({ peer }, i) => peer.snapshot().peers.reduce((sum, each) => sum + each.sent, 0) - sentBefore[i]!);
    expect(Math.min(...sent)).toBeGreaterThan(bytes / 6);
  });

  test('[EXAM-2] one wrong byte in the last leaf is a verdict on its holder; the others are ok', async () => {
    const made = await stored();
    const [liar, ...others] = made.holders as [SimulatedPeer, ...SimulatedPeer[]];
    damage(liar, -1);
    const { results, told } = await verified(made);
    expect(outcomesOf(results, liar)).toEqual(['wrong']);
    for (const other of others) expect(outcomesOf(results, other)).toEqual(['ok']);
    expect(verdictsOf(made.reader)).toEqual([liar.node]);
    expect(told.at(-1)).toMatchObject({ shardsDone: 6, shards: 6 });
  });

  test('[EXAM-2] a shard that its holder lost is missing, and one whose holder is away unreachable', async () => {
    const made = await stored();
    const [loser, absent, ...others] = made.holders as [SimulatedPeer, SimulatedPeer, ...SimulatedPeer[]];
    loser.disk.held.clear();
    await absent.peer.stop();
    const { results } = await verified(made);
    expect(outcomesOf(results, loser)).toEqual(['missing']);
    expect(outcomesOf(results, absent)).toEqual(['unreachable']);
    for (const other of others) expect(outcomesOf(results, other)).toEqual(['ok']);
    expect(verdictsOf(made.reader)).toEqual([]);
  });

  test('[EXAM-2] a shard that nobody claims is told too: fewer than all are not every shard', async () => {
    const made = await stored();
    const { parts: all } = made.reader.peer;
    const record = (await made.swarm.settled(findRecord(all, made.objectKey, createTask(words))))!;
    const [head] = record.heads as [Head];
    const fewer: RecordState = { ...record, heads: [{ ...head, claims: new Map([...head.claims].slice(1)) }] };
    const parts = {
      ...all,
      records: { ...all.records, lookUp: async (_: Uint8Array, found: (state: RecordState) => void) => found(fewer) },
    };
    const results = await made.swarm.settled(verifyObject(parts, made.objectKey, createTask(words), () => {}));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'unclaimed']);
    expect(results.find(({ outcome }) => outcome === 'unclaimed')).not.toHaveProperty('node');
  });

  test('[EXAM-2] so is one that was killed and whose link is still open, after a bounded time', async () => {
    const made = await stored();
    made.holders[2]!.kill();
    const startedMs = made.swarm.clock.now();
    const { results } = await verified(made);
    expect(outcomesOf(results, made.holders[2]!)).toEqual(['unreachable']);
    expect(results.filter(({ outcome }) => outcome === 'ok')).toHaveLength(5);
    expect(made.swarm.clock.now() - startedMs).toBeLessThan(75_000);
  });

  test('[EXAM-2] a holder verifies what it holds itself without a link', async () => {
    const made = await stored(300_000, 2);
    const [holder] = made.holders as [SimulatedPeer];
    const { results } = await verified({ ...made, reader: holder });
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    damage(holder, 0);
    expect(outcomesOf((await verified({ ...made, reader: holder })).results, holder)).toEqual(['wrong']);
  });

  test('[EXAM-2] it can be given up at once, and nothing goes on', async () => {
    const made = await stored(1_100_000);
    const task = createTask(words);
    const running = verifyObject(made.reader.peer.parts, made.objectKey, task, ({ bytesDone }) => bytesDone > 0 && task.end());
    await expect(made.swarm.settled(running)).rejects.toMatchObject({ code: 'cancelled', message: words });
    const received = () => made.reader.peer.snapshot().peers.reduce((sum, peer) => sum + peer.received, 0);
    await made.swarm.pass(200);
    const before = received();
    await made.swarm.pass(3_000);
    expect(received() - before).toBeLessThan(20_000);
  });

  test('[EXAM-2] of an object that nobody knows it says so', async () => {
    const { swarm, reader } = await stored();
    const unknown = verifyObject(reader.peer.parts, new Uint8Array(32).fill(9), createTask(words), () => {});
    await expect(swarm.settled(unknown)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('look', () => {
  test('[EXAM-1] with the public key alone anybody learns who holds an object and how it is', async () => {
    const { swarm, holders, reader, objectKey, view } = await stored();
    await holders[0]!.peer.stop();
    await swarm.pass(1_000);
    const found = await swarm.settled(look(reader.peer.parts, objectKey, createTask(words)));
    expect(found).toMatchObject({
      recordKey: expect.stringMatching(new RegExp(`^${view.id}`)),
      ...{ k: 4, m: 2, segments: 1, version: 1, class: 0, health: 'Thin', margin: 1, leaseMs: view.leaseMs },
      sentence: 'Thin: 5 of 6 shards online, any 4 restore it, 1 of 5 peers can vanish',
    });
    expect(found!.shards.toSorted((a, b) => a - b)).toEqual([0, 1, 1, 1, 1, 1]);
    expect(new Map(found!.holders.map(({ node, state }) => [node, state])).get(holders[0]!.node)).toBe('away');
    expect(structuredClone(found)).toEqual(JSON.parse(JSON.stringify(found)));
  });

  test('[EXAM-1] a holder counts itself among those that are here', async () => {
    const { swarm, holders, objectKey } = await stored();
    const found = await swarm.settled(look(holders[0]!.peer.parts, objectKey, createTask(words)));
    expect(found).toMatchObject({ health: 'Safe', margin: 2, shards: [1, 1, 1, 1, 1, 1] });
  });

  test('[EXAM-1] an object that nobody online announced is not found, within seconds, also alone and without a server', async () => {
    const { swarm, reader } = await stored();
    const ask = ({ peer }: SimulatedPeer) => swarm.settled(look(peer.parts, new Uint8Array(32), createTask(words)), 20_000);
    expect(await ask(reader)).toBeUndefined();
    swarm.network.setSignaling(false);
    expect(await ask(await swarm.join(0))).toBeUndefined();
  });
});
