import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { ShoalError } from '../core/errors.ts';
import { kinds } from '../core/wire/kinds.ts';
import { deferred } from '../peer/links/deferred.ts';
import type { MetaStore, ShardStore } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { JoinOptions, SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('deletion');
});

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0];
const heldBy = ({ disk, peer }: SimulatedPeer) => ({ held: disk.held.size, used: peer.snapshot().self.used });
const nothing = { held: 0, used: 0 };
const ownRows = ({ values }: SimulatedPeer) => values.get('own')?.size ?? 0;

/** An owner and a file of theirs, stored on `count` holders. */
async function stored(count: number, options: JoinOptions = {}, size = 1_000) {
  const holders = await swarm.joinMany(count, capacity);
  const owner = await swarm.join(0, options);
  await swarm.pass(5_000);
  const id = owner.peer.drop(memoryFile('gone.bin', seededRandom('gone').bytes(size)));
  await swarm.until(() => fileOf(owner)?.state === 'stored');
  return { holders, owner, id, link: fileOf(owner)!.capability };
}

function open(reader: SimulatedPeer, link: string): string {
  const capability = parseCapability(link);
  if (capability.right !== 'read') throw new Error('not an R capability');
  return reader.peer.open(capability);
}

test('[DEL-2] deleted, its bytes are free at every live holder within 10 s, it is off the list, and its link says so', async () => {
  const { holders, owner, id, link } = await stored(4, {}, 300_000);
  expect(holders.every(({ disk }) => disk.held.size > 0)).toBe(true);
  const begunMs = swarm.clock.now();
  const done = owner.peer.remove(id);
  expect(fileOf(owner)?.state).toBe('deleting');
  await swarm.settled(done);
  expect(swarm.clock.now() - begunMs).toBeLessThan(10_000);
  expect(holders.map(heldBy)).toEqual(holders.map(() => nothing));
  expect(fileOf(owner)).toBeUndefined();
  expect(ownRows(owner)).toBe(0);
  expect(owner.peer.snapshot().events.at(-1)).toMatchObject({ kind: 'deleted', id, file: 'gone.bin' });

  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  open(reader, link);
  await swarm.until(() => reader.peer.snapshot().receives[0]!.state === 'failed', 10_000);
  expect(reader.peer.snapshot().receives[0]).toMatchObject({
    error: 'not-found',
    deleted: true,
    sentence: 'This file was deleted by its owner.',
  });
  const again = await swarm.join(0, { again: owner });
  await swarm.pass(5_000);
  expect(fileOf(again)).toBeUndefined();
});

test('[DEL-5] who has the link open when its file is deleted is told so by the download', async () => {
  const { owner, id, link } = await stored(3);
  const [reader] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const receive = open(reader, link);
  await swarm.until(() => reader.peer.snapshot().receives[0]!.state === 'ready');
  await swarm.settled(owner.peer.remove(id));
  await expect(swarm.settled(reader.peer.download(receive, memorySink()))).rejects.toMatchObject({
    code: 'not-found',
    message: 'This file was deleted by its owner.',
  });
});

describe('[DEL-3] a holder that was away', () => {
  test('[DEL-3] frees the bytes when it returns, told by its owner, also after that one was away too', async () => {
    const { holders, owner, id } = await stored(3);
    const [away, ...others] = holders as [SimulatedPeer, ...SimulatedPeer[]];
    await away.peer.stop();
    await swarm.pass(1_000);
    await swarm.settled(owner.peer.remove(id));
    expect(fileOf(owner)).toBeUndefined();
    expect(ownRows(owner)).toBe(1);
    await owner.peer.stop();
    for (const { peer } of others) await peer.stop();
    const ownerAgain = await swarm.join(0, { again: owner });
    await swarm.pass(20_000);
    expect(ownerAgain.peer.snapshot().files).toEqual([]);
    const back = await swarm.join(capacity, { again: away });
    expect(heldBy(back).held).toBe(1);
    await swarm.pass(30_000);
    expect(heldBy(back)).toEqual(nothing);
    await swarm.pass(10_000);
    expect(ownRows(ownerAgain)).toBe(0);
  });

  test('[DEL-3] frees them told by any keeper, its owner being gone', async () => {
    const { holders, owner, id } = await stored(3);
    const [away] = holders as [SimulatedPeer];
    await away.peer.stop();
    await swarm.pass(1_000);
    await swarm.settled(owner.peer.remove(id));
    await owner.peer.stop();
    const back = await swarm.join(capacity, { again: away });
    await swarm.pass(120_000);
    expect(heldBy(back)).toEqual(nothing);
  });
});

test('[DEL-3] a holder that ends between the tombstone and the removal goes on when it starts again', async () => {
  /** Deletes nothing, as a disk that hangs. */
  let hangs = true;
  const hanging = (inner: ShardStore): ShardStore => ({
    ...inner,
    usage: () => inner.usage(),
    delete: (place) => (hangs ? new Promise<void>(() => {}) : inner.delete(place)),
  });
  const holder = await swarm.join(capacity, { around: (ports) => ({ ...ports, shards: hanging(ports.shards) }) });
  const owner = await swarm.join(0);
  await swarm.pass(5_000);
  const id = owner.peer.drop(memoryFile('gone.bin', seededRandom('gone').bytes(1_000)));
  await swarm.until(() => fileOf(owner)?.state === 'stored');
  const refused = expect(swarm.settled(owner.peer.remove(id))).rejects.toMatchObject({ code: 'timeout' });
  await refused;
  expect(fileOf(owner)?.state).toBe('deleting');
  expect(holder.disk.held.size).toBe(1);
  holder.kill();
  hangs = false;
  const back = await swarm.join(capacity, { again: holder });
  await swarm.pass(10_000);
  expect(heldBy(back)).toEqual(nothing);
  await swarm.until(() => fileOf(owner) === undefined);
});

test('[DEL-2] an owner that ends while it deletes goes on when it starts again', async () => {
  /** Nothing is merged after the row is written: the peer ends there. */
  const stuck = (inner: MetaStore): MetaStore => ({
    ...inner,
    put: (kind, key, value) => (kind === 'record' && blocked ? new Promise<void>(() => {}) : inner.put(kind, key, value)),
  });
  let blocked = false;
  const { holders, owner, id } = await stored(2, { around: (ports) => ({ ...ports, meta: stuck(ports.meta) }) });
  blocked = true;
  owner.peer.remove(id).catch(() => {});
  await swarm.pass(1_000);
  expect(holders.every(({ disk }) => disk.held.size === 1)).toBe(true);
  owner.kill();
  const again = await swarm.join(0, { again: owner });
  await swarm.pass(30_000);
  expect(again.peer.snapshot().files).toEqual([]);
  expect(holders.map(heldBy)).toEqual([nothing, nothing]);
  expect(ownRows(again)).toBe(0);
});

describe('[REQ-5] the owner is told what kept a holder from deleting', () => {
  const refusals = ['stale', 'auth', 'too-new', 'bad-input'] as const;
  test.each(refusals)('[REQ-5] %s', async (code) => {
    const { holders, owner, id } = await stored(1);
    holders[0]!.peer.parts.links.handle(kinds.delete, async () => {
      throw new ShoalError(code, 'no');
    });
    await expect(swarm.settled(owner.peer.remove(id))).rejects.toMatchObject({ code });
    expect(fileOf(owner)?.state).toBe('deleting');
  });

  test.each(refusals)('[REQ-5] %s: its store goes to another holder, and is not stored before', async (code) => {
    const [refusing] = (await swarm.joinMany(1, capacity)) as [SimulatedPeer];
    refusing.peer.parts.links.handle(kinds.store, async () => {
      throw new ShoalError(code, 'no');
    });
    const owner = await swarm.join(0);
    await swarm.pass(5_000);
    owner.peer.drop(memoryFile('late.bin', new Uint8Array(100)));
    await swarm.pass(20_000);
    expect(fileOf(owner)?.state).toBe('waiting');
    expect(heldBy(refusing)).toEqual(nothing);
    await swarm.join(capacity);
    await swarm.until(() => fileOf(owner)?.state === 'stored', 30_000);
  });

  test('[REQ-5] alone: not-enough-peers, and who comes is told', async () => {
    const { holders, owner, id } = await stored(1);
    await holders[0]!.peer.stop();
    await swarm.pass(1_000);
    await expect(swarm.settled(owner.peer.remove(id))).rejects.toMatchObject({ code: 'not-enough-peers' });
    const back = await swarm.join(capacity, { again: holders[0]! });
    await swarm.until(() => fileOf(owner) === undefined, 60_000);
    expect(heldBy(back)).toEqual(nothing);
  });
});

test('[DEL-1] what is not one’s own is not deleted: not-found; what is being stored: busy', async () => {
  const { owner } = await stored(1);
  await expect(owner.peer.remove('0123456789abcdef')).rejects.toMatchObject({ code: 'not-found' });
  swarm.network.setSignaling(false);
  const lonely = await swarm.join(0);
  const id = lonely.peer.drop(memoryFile('early', new Uint8Array(10)));
  await swarm.pass(1_000);
  await expect(lonely.peer.remove(id)).rejects.toMatchObject({ code: 'busy' });
});

test('[UP-7] a holder whose answer never came is told too: it may hold what it was sent', async () => {
  const answers = deferred<void>();
  /** Has its shard durable, and then no claim for a while. */
  const slow = (inner: MetaStore): MetaStore => ({
    ...inner,
    put: async (kind, key, value) => (kind === 'record' && (await answers.promise), inner.put(kind, key, value)),
  });
  const holder = await swarm.join(capacity, { around: (ports) => ({ ...ports, meta: slow(ports.meta) }) });
  const owner = await swarm.join(0);
  await swarm.pass(5_000);
  const id = owner.peer.drop(memoryFile('gone.bin', seededRandom('gone').bytes(1_000)));
  await swarm.until(() => holder.disk.held.size === 1);
  owner.peer.cancel(id);
  await swarm.pass(1_000);
  expect(ownRows(owner)).toBe(1);
  answers.resolve();
  await swarm.pass(30_000);
  expect(heldBy(holder)).toEqual(nothing);
  expect(ownRows(owner)).toBe(0);
});

test('[DEL-2] rm of an upload that was interrupted ends when its holders have freed what it left', async () => {
  const holders = await swarm.joinMany(4, 140_000);
  const owner = await swarm.join(0);
  await swarm.pass(5_000);
  const id = owner.peer.drop(memoryFile('cargo.bin', seededRandom('cargo').bytes(290_000)));
  await swarm.until(() => fileOf(owner)?.state === 'waiting');
  owner.kill();
  const again = await swarm.join(0, { again: owner });
  await swarm.pass(5_000);
  expect(fileOf(again)?.state).toBe('failed');
  await swarm.settled(again.peer.remove(id));
  expect(holders.map(heldBy)).toEqual(holders.map(() => nothing));
  expect(again.peer.snapshot().files).toEqual([]);
});

test('[UP-7] what a cancelled upload has placed is deleted', async () => {
  // At each room for one shard of 75 kB and not for two: two of six find none.
  const holders = await swarm.joinMany(4, 140_000);
  const owner = await swarm.join(0);
  await swarm.pass(5_000);
  const id = owner.peer.drop(memoryFile('cargo.bin', seededRandom('cargo').bytes(290_000)));
  await swarm.until(() => fileOf(owner)?.state === 'waiting');
  expect(holders.map(({ disk }) => disk.held.size)).toEqual([1, 1, 1, 1]);
  owner.peer.cancel(id);
  await swarm.pass(10_000);
  expect(fileOf(owner)?.state).toBe('cancelled');
  expect(holders.map(heldBy)).toEqual(holders.map(() => nothing));
  owner.peer.cancel(id);
  expect(owner.peer.snapshot().files).toEqual([]);
  expect(ownRows(owner)).toBe(0);
});
