import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { kinds } from '../core/wire/kinds.ts';
import { deferred } from '../peer/links/deferred.ts';
import type { Codec, MetaStore, Sink } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { sealObject } from './sealed-object.ts';
import { serveObject } from './served-object.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { JoinOptions, SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;
/** Heartbeats and digests of an idle minute, to all peers together: no shard and no leaf is as little. */
const idleBytes = 20_000;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('cancel', { bytesPerSecond: 100_000 });
});

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0]!;
const drop = ({ peer }: SimulatedPeer, size: number) => peer.drop(memoryFile('cargo.bin', seededRandom('cargo').bytes(size)));
const heldBy = ({ disk, peer }: SimulatedPeer) => ({
  held: disk.held.size,
  staged: disk.staged.size,
  reserved: peer.snapshot().self.reserved,
});
const nothing = { held: 0, staged: 0, reserved: 0 };
const sentBy = ({ peer }: SimulatedPeer) => peer.snapshot().peers.reduce((sum, { sent }) => sum + sent, 0);

async function joinOwner(options: JoinOptions = {}): Promise<SimulatedPeer> {
  const owner = await swarm.join(0, options);
  await swarm.pass(5_000);
  return owner;
}

/** Within a second of the cancel the file is cancelled and no room of it is reserved anywhere; then nothing of it moves any more. */
async function expectOver(owner: SimulatedPeer, id: string, holders: readonly SimulatedPeer[]): Promise<void> {
  owner.peer.cancel(id);
  await swarm.pass(1_000);
  expect(fileOf(owner)).toMatchObject({ state: 'cancelled', error: 'cancelled' });
  for (const holder of holders) expect(heldBy(holder)).toMatchObject({ staged: 0, reserved: 0 });
  const sent = sentBy(owner);
  await swarm.pass(60_000);
  expect(sentBy(owner) - sent).toBeLessThan(idleBytes);
  expect(fileOf(owner).state).toBe('cancelled');
  owner.peer.cancel(id);
  expect(owner.peer.snapshot().files).toEqual([]);
}

describe('[UP-7] an upload', () => {
  test('[UP-7] that is sealing: its sealer is closed, and nobody hears of it', async () => {
    let closed = 0;
    const codec = (inner: Codec): Codec => ({
      ...inner,
      seal: async (job) => ({ ...(await inner.seal(job)), commit: () => deferred<never>().promise, close: () => void closed++ }),
    });
    const holders = await swarm.joinMany(2, capacity);
    const owner = await joinOwner({ around: (ports) => ({ ...ports, codec: codec(ports.codec) }) });
    const id = drop(owner, 1_000);
    await swarm.pass(1_000);
    expect(fileOf(owner).state).toBe('sealing');
    await expectOver(owner, id, holders);
    expect(closed).toBeGreaterThan(0);
    expect(owner.values.get('own')?.size ?? 0).toBe(0);
  });

  test('[UP-7] whose record is being written: it is not kept', async () => {
    const meta = (inner: MetaStore): MetaStore => ({
      ...inner,
      async put(kind, key, value) {
        if (kind === 'record') await new Promise<void>((resolve) => void swarm.clock.timer(500, resolve));
        return inner.put(kind, key, value);
      },
    });
    const holders = await swarm.joinMany(2, capacity);
    const owner = await joinOwner({ around: (ports) => ({ ...ports, meta: meta(ports.meta) }) });
    const id = drop(owner, 1_000);
    await swarm.pass(250);
    expect(fileOf(owner)).toMatchObject({ state: 'sealing', k: 0 });
    await expectOver(owner, id, holders);
    expect(owner.values.get('record')?.size ?? 0).toBe(0);
  });

  test('[UP-7] that sends shards: every holder’s room is free', async () => {
    const holders = await swarm.joinMany(2, capacity);
    const owner = await joinOwner();
    const id = drop(owner, 250_000);
    await swarm.pass(2_000);
    expect(holders.map(heldBy)).toMatchObject([
      { held: 0, staged: 1 },
      { held: 0, staged: 1 },
    ]);
    await expectOver(owner, id, holders);
    expect(holders.map(heldBy)).toEqual([nothing, nothing]);
    // Nobody keeps a record of what nobody holds.
    expect([owner, ...holders].map(({ values }) => values.get('record')?.size ?? 0)).toEqual([0, 0, 0]);
  });

  test('[UP-7] that waits for room when a part of it is placed', async () => {
    // At each room for one shard of 75 kB and not for two: two of six find none.
    const holders = await swarm.joinMany(4, 140_000);
    const owner = await joinOwner();
    const id = drop(owner, 290_000);
    await swarm.until(() => fileOf(owner).state === 'waiting');
    expect(fileOf(owner).shards.filter((count) => count > 0)).toHaveLength(4);
    await expectOver(owner, id, holders);
  });

  test('[UP-7] whose record a keeper is asked to take and does not', async () => {
    const holders = await swarm.joinMany(2, capacity);
    const silent = await swarm.joinRaw();
    silent.links.handle(kinds.recordPut, async ({ cancelled }) => (await cancelled, new Map()));
    const owner = await joinOwner();
    await silent.beat({ capacity: 0 });
    await swarm.pass(100);
    const id = drop(owner, 1_000);
    await swarm.pass(500);
    expect(fileOf(owner)).toMatchObject({ state: 'spreading', shards: [1, 1] });
    await expectOver(owner, id, holders);
  });

  test('[UP-7] that waits for someone who lends, or for signaling', async () => {
    swarm.network.setSignaling(false);
    const lonely = await joinOwner();
    const id = drop(lonely, 10);
    await swarm.pass(10_000);
    await expectOver(lonely, id, []);

    swarm.network.setSignaling(true);
    const owner = await joinOwner();
    const waiting = drop(owner, 10);
    await swarm.pass(10_000);
    expect(fileOf(owner).state).toBe('waiting');
    await expectOver(owner, waiting, []);
  });

  test('[UP-7, MEM-2] of a peer that says bye: its room is free at once too', async () => {
    const holders = await swarm.joinMany(2, capacity);
    const owner = await joinOwner();
    drop(owner, 250_000);
    await swarm.pass(2_000);
    expect(holders.map(heldBy)).toMatchObject([{ staged: 1 }, { staged: 1 }]);
    await owner.peer.stop();
    await swarm.pass(1_000);
    expect(holders.map(heldBy)).toEqual([nothing, nothing]);
  });
});

describe('[READ-5] a download', () => {
  /** A file of six stripes, a reader that has its link open, and a sink that a test changes. */
  async function opened() {
    const object = await sealObject(swarm.crypto, { seed: 'cancel', size: 1_200_000, k: 2, m: 2, nowMs: swarm.clock.now() });
    const served = await serveObject(swarm, object);
    return { served, object, ...(await served.open()) };
  }

  async function expectEnded({ peer }: SimulatedPeer, id: string, sink: Sink & { state(): string }, mostBytes = idleBytes): Promise<void> {
    const done = peer.download(id, sink);
    done.catch(() => {});
    await swarm.pass(1_500);
    peer.cancelReceive(id);
    await expect(swarm.settled(done, 0)).rejects.toMatchObject({ code: 'cancelled' });
    expect(sink.state()).toBe('aborted');
    await swarm.pass(1_000);
    const received = (): number => peer.snapshot().peers.reduce((sum, each) => sum + each.received, 0);
    const before = received();
    await swarm.pass(60_000);
    expect(received() - before).toBeLessThan(mostBytes);
  }

  const never = () => deferred<never>().promise;
  const stuck: Readonly<Record<string, Partial<Sink>>> = {
    'whose bytes are on their way': {},
    'whose sink does not begin': { begin: never },
    'whose sink takes nothing': { write: never },
  };
  test.each(Object.entries(stuck))('[READ-5] %s ends at once, and no byte of it comes any more', async (_, manner) => {
    const { reader, id } = await opened();
    await expectEnded(reader, id, { ...memorySink(), ...manner });
  });

  test('[READ-5] that waits for its link to open ends at once; the link opens all the same', async () => {
    const object = await sealObject(swarm.crypto, { seed: 'early', size: 70_000, nowMs: swarm.clock.now() });
    await serveObject(swarm, object, { 0: { delayMs: 3_000 }, 1: { delayMs: 3_000 } });
    const reader = await joinOwner();
    const { readKey, descriptor } = object;
    const id = reader.peer.open({ right: 'read', objectKey: descriptor.objectKey, readKey });
    // The leaf with its name is still fetched.
    await expectEnded(reader, id, memorySink(), 65_536 + idleBytes);
    expect(reader.peer.snapshot().receives[0]!.state).toBe('ready');
  });
});
