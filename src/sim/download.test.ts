import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { encodeCapability, parseCapability } from '../core/crypto/capability.ts';
import { ShoalError } from '../core/errors.ts';
import { kinds, readBody, readOk, recordGetOk, recordPutBody } from '../core/wire/kinds.ts';
import type { Incoming } from '../peer/links/exchange.ts';
import type { LinkMeter } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import type { RawPeer } from './raw-peer.ts';
import { encodeSealedRecord, type SealedObject, sealObject, signClaim } from './sealed-object.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 10_000_000;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('download');
});

function open({ peer }: SimulatedPeer, text: string): string {
  const capability = parseCapability(text);
  if (capability.right !== 'read') throw new Error('not an R capability');
  return peer.open(capability);
}

const receiveOf = ({ peer }: SimulatedPeer) => peer.snapshot().receives[0]!;
const is = (reader: SimulatedPeer, state: string) => () => receiveOf(reader).state === state;
const verdictsOf = ({ peer }: SimulatedPeer) => peer.snapshot().peers.filter(({ verdicts }) => verdicts.length > 0);

/** Begins a download; its failure shows in the sink and in `done`. */
function download({ peer }: SimulatedPeer, id: string) {
  const sink = memorySink();
  const done = peer.download(id, sink);
  done.catch(() => {});
  return { sink, done, bytes: () => concatBytes(...sink.parts) };
}

/** A file of two stripes with one whole copy at each of two holders, its owner gone, and a reader that has its header. */
async function copies(before: (holders: readonly SimulatedPeer[]) => void = () => {}) {
  const holders = await swarm.joinMany(2, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const file = seededRandom('copies').bytes(280_000);
  // Two holders: 1 + 1, a stripe is one block of 262,144 bytes.
  owner.peer.drop(memoryFile('copies.bin', file));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  const { capability } = owner.peer.snapshot().files[0]!;
  await owner.peer.stop();
  before(holders);
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const id = open(reader, capability);
  await swarm.until(is(reader, 'ready'));
  return { holders, reader, id, file };
}

/** Of two holders the one of the data shard, which is asked for before parity. */
const firstAsked = (holders: readonly SimulatedPeer[]): SimulatedPeer =>
  holders.find(({ disk }) => [...disk.held.values()][0]!.meta.shard === 0)!;

test('[READ-4] a holder that leaves between two stripes is replaced by the other copy', async () => {
  const { holders, reader, id, file } = await copies();
  await firstAsked(holders).peer.stop();
  const { done, bytes } = download(reader, id);
  await swarm.settled(done);
  expect(bytes()).toEqual(file);
  expect(verdictsOf(reader)).toEqual([]);
});

test('[READ-7] a holder that sent wrong bytes in one stripe is not asked for that shard in the next', async () => {
  const { holders, reader, id, file } = await copies((all) => {
    for (const { bytes } of firstAsked(all).disk.held.values()) bytes.fill(0);
  });
  const liar = firstAsked(holders);
  const received = () => reader.peer.snapshot().peers.find(({ node }) => node === liar.node)!.received;
  expect(verdictsOf(reader).map(({ node }) => node)).toEqual([liar.node]);
  const before = received();
  expect(before).toBeGreaterThan(65_536);
  const { done, bytes } = download(reader, id);
  await swarm.settled(done);
  expect(bytes()).toEqual(file);
  expect(received() - before).toBeLessThan(2_000);
});

test('[READ-3] with fewer than k holders a download waits, says so, and goes on by itself when one comes back', async () => {
  const { holders, reader, id, file } = await copies();
  for (const { peer } of holders) await peer.stop();
  const { sink, done, bytes } = download(reader, id);
  await swarm.pass(120_000);
  expect(sink.state()).toBe('open');
  expect(receiveOf(reader)).toMatchObject({
    state: 'waiting',
    sentence: expect.stringMatching(/^0 of 1 found, waiting for 1 more shard\./),
  });
  await swarm.join(capacity, { again: holders[1]! });
  await swarm.settled(done, 30_000);
  expect(bytes()).toEqual(file);
  expect(receiveOf(reader).state).toBe('done');
});

test('[READ-3] a link opened before anyone has the file waits for the record', async () => {
  const nowMs = swarm.clock.now();
  const object = await sealObject(swarm.crypto, { seed: 'late', nowMs, m: 0 });
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  open(reader, capabilityOf(object));
  await swarm.pass(60_000);
  expect(receiveOf(reader)).toMatchObject({ state: 'looking', announced: false, sentence: expect.stringMatching(/^Not announced yet: /) });
  const [holder] = (await swarm.joinMany(1, capacity)) as [SimulatedPeer];
  await storeAt(holder, await swarm.joinRaw(), object, 0);
  await swarm.until(is(reader, 'ready'), 10_000);
});

test('[READ-3] what is missing is looked for every 3 s, also when nothing seems to change', async () => {
  const object = await sealObject(swarm.crypto, { seed: 'quiet', m: 0, nowMs: swarm.clock.now() });
  const keeper = await swarm.joinRaw();
  let asked = 0;
  keeper.links.handle(kinds.recordGet, async () => {
    asked++;
    return recordGetOk.write({});
  });
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  open(reader, capabilityOf(object));
  await swarm.pass(30_000);
  expect(asked).toBeGreaterThanOrEqual(9);
  expect(asked).toBeLessThanOrEqual(11);
});

test('[READ-3] who waits asks a second after it asked last at the earliest, however much changes in the swarm', async () => {
  const others = await swarm.joinMany(3, capacity);
  let asked = 0;
  const meter: LinkMeter = { carried() {}, request: (kind, side) => void (asked += side === 'asked' && kind === kinds.recordGet ? 1 : 0) };
  const reader = await swarm.join(0, { options: { meter } });
  await swarm.pass(3_000);
  open(reader, encodeCapability({ right: 'read', objectKey: new Uint8Array(32).fill(1), readKey: new Uint8Array(32).fill(2) }));
  await swarm.pass(5_000);
  asked = 0;
  for (let i = 0; i < 100; i++) {
    // Each says so by a heartbeat, half a second later at the latest.
    for (const { peer } of others) await swarm.settled(peer.contribute(capacity + (i % 2)));
    await swarm.pass(200);
  }
  expect(asked).toBeGreaterThan(3 * 6);
  expect(asked).toBeLessThanOrEqual(3 * 21);
});

test('[READ-5] cancelling a download that waits ends it at once; it can be begun again', async () => {
  const { holders, reader, id, file } = await copies();
  for (const { peer } of holders) await peer.stop();
  const first = download(reader, id);
  await swarm.pass(10_000);
  reader.peer.cancelReceive(id);
  await expect(swarm.settled(first.done, 0)).rejects.toMatchObject({ code: 'cancelled' });
  expect(first.sink.state()).toBe('aborted');
  await swarm.pass(10_000);
  expect(receiveOf(reader)).toMatchObject({ state: 'failed', error: 'cancelled' });
  await swarm.join(capacity, { again: holders[0]! });
  const second = download(reader, id);
  await swarm.settled(second.done, 30_000);
  expect(second.bytes()).toEqual(file);
});

test('[READ-5] a receive has one download at a time', async () => {
  const { reader, id, file } = await copies();
  const first = download(reader, id);
  const second = download(reader, id);
  await expect(swarm.settled(second.done)).rejects.toMatchObject({ code: 'busy' });
  expect(second.sink.state()).toBe('aborted');
  await swarm.settled(first.done);
  expect(first.bytes()).toEqual(file);
});

test('[READ-5] at most 50 opened links are remembered: one more closes the oldest', async () => {
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const random = seededRandom('links');
  const ids = Array.from({ length: 51 }, () => reader.peer.open({ right: 'read', objectKey: random.bytes(32), readKey: random.bytes(32) }));
  const shown = reader.peer.snapshot().receives.map(({ id }) => id);
  expect(shown).toEqual(ids.slice(1).reverse());
  await expect(reader.peer.download(ids[0]!, memorySink())).rejects.toMatchObject({ code: 'not-found' });
});

test('[READ-6] a wrong read key fails with integrity and hands over nothing', async () => {
  const object = await sealObject(swarm.crypto, { seed: 'keyed', m: 0, nowMs: swarm.clock.now() });
  const [holder] = (await swarm.joinMany(1, capacity)) as [SimulatedPeer];
  await storeAt(holder, await swarm.joinRaw(), object, 0);
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const id = open(reader, capabilityOf({ ...object, readKey: new Uint8Array(32) }));
  await swarm.until(is(reader, 'failed'), 10_000);
  expect(receiveOf(reader).error).toBe('integrity');
  const { sink, done } = download(reader, id);
  await expect(swarm.settled(done)).rejects.toMatchObject({ code: 'integrity' });
  expect({ state: sink.state(), parts: sink.parts }).toEqual({ state: 'aborted', parts: [] });
});

const capabilityOf = ({ descriptor: { objectKey }, readKey }: SealedObject): string =>
  encodeCapability({ right: 'read', objectKey, readKey });

/** Has a raw peer, as the object's owner, store a shard and put the record with `claims` at a holder. */
async function storeAt(holder: SimulatedPeer, raw: RawPeer, object: SealedObject, shard: number, claims: Uint8Array[] = []) {
  const call = await raw.store(holder.node, object, { shard });
  call.send(object.shards[shard]!).catch(() => {});
  call.end();
  await swarm.settled(call.result);
  const body = recordPutBody.write({ record: encodeSealedRecord(object.signed, claims) });
  await swarm.settled(raw.session(holder.node).call(kinds.recordPut, body, { deadlineMs: 10_000 }).result);
}

describe('[READ-7] a holder that claims what it does not have', () => {
  type Lie = (incoming: Incoming, object: SealedObject) => Promise<Uint8Array>;
  const refuse =
    (code: 'not-found' | 'cancelled' | 'not-enough-shards'): Lie =>
    async () => {
      throw new ShoalError(code, 'no');
    };
  const sends =
    (change: (shard: Uint8Array) => Uint8Array): Lie =>
    async (incoming, { shards }) => {
      await incoming.send(change(shards[0]!));
      return new Uint8Array();
    };
  const lies: readonly (readonly [words: string, lie: Lie, marked: boolean])[] = [
    ['says that it does not hold it', refuse('not-found'), false],
    ['answers that the reader cancelled', refuse('cancelled'), false],
    ['answers with an error that is not its to give', refuse('not-enough-shards'), false],
    ['never answers', () => new Promise(() => {}), false],
    ['sends other bytes', sends((shard) => new Uint8Array(shard.length)), true],
    ['sends too few bytes', sends((shard) => shard.subarray(1)), true],
    ['sends too many bytes', sends((shard) => concatBytes(shard, new Uint8Array(1))), true],
    [
      'sends the right bytes with a false proof',
      async (incoming, { shards }) => (await incoming.send(shards[0]!), new Uint8Array(32)),
      true,
    ],
  ];

  test.each(lies)('[READ-7] one that %s: the shard is read elsewhere', async (_, lie, marked) => {
    const nowMs = swarm.clock.now();
    const object = await sealObject(swarm.crypto, { seed: 'claimed', nowMs });
    const [holder] = (await swarm.joinMany(1, capacity)) as [SimulatedPeer];
    const liar = await swarm.joinRaw();
    let asked = 0;
    liar.links.handle(kinds.read, async (incoming) => {
      expect(readBody.read(incoming.body).shard).toBe(0);
      asked++;
      return readOk.write({ proof: await lie(incoming, object) });
    });
    await storeAt(holder, liar, object, 1, [await signClaim(liar.signer, object, { shards: [0], nowMs })]);
    const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
    const { done, bytes } = download(reader, open(reader, capabilityOf(object)));
    await swarm.settled(done, 30_000);
    expect(bytes()).toEqual(object.bytes);
    expect(asked).toBe(1);
    expect(verdictsOf(reader).map(({ node }) => node)).toEqual(marked ? [liar.node] : []);

    // A verdict outlasts the link it was made on.
    await liar.links.stop();
    await swarm.pass(1_000);
    expect(verdictsOf(reader)).toMatchObject(marked ? [{ node: liar.node, state: 'away' }] : []);
  });
});
