import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { toHex } from '../core/bytes/text.ts';
import { parseDescriptor } from '../core/object/descriptor.ts';
import { emptyBody, kinds, recordGetBody, storeBody, storeOk } from '../core/wire/kinds.ts';
import type { Claim } from '../core/record/claim.ts';
import { ShoalError } from '../core/errors.ts';
import type { Codec } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import type { Incoming } from '../peer/links/exchange.ts';
import type { RawPeer } from './raw-peer.ts';
import { signClaim } from './sealed-object.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('upload');
});

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0]!;
const drop = ({ peer }: SimulatedPeer, size: number) => peer.drop(memoryFile('cargo.bin', seededRandom('cargo').bytes(size)));
const stored = (owner: SimulatedPeer, limitMs?: number) => swarm.until(() => fileOf(owner).state === 'stored', limitMs);
const heldBy = ({ disk, peer }: SimulatedPeer) => ({
  held: disk.held.size,
  staged: disk.staged.size,
  reserved: peer.snapshot().self.reserved,
});
const nothing = { held: 0, staged: 0, reserved: 0 };

/** A raw peer that says it lends, and answers stores as the test wants. */
async function rawHolder(answer: (incoming: Incoming, raw: RawPeer) => Promise<Uint8Array>): Promise<RawPeer> {
  const raw = await swarm.joinRaw();
  raw.links.handle(kinds.store, async (incoming) => storeOk.write({ claim: await answer(incoming, raw) }));
  raw.links.handle(kinds.recordPut, async () => emptyBody.write({}));
  return raw;
}

async function joinOwner(...raws: RawPeer[]): Promise<SimulatedPeer> {
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  for (const raw of raws) await raw.beat();
  await swarm.pass(1_000);
  return owner;
}

describe('[UP-2] a holder that stalls', () => {
  const stalls = {
    'takes no byte': async (incoming: Incoming) => incoming.cancelled,
    'takes some bytes and then none, and makes none durable': async (incoming: Incoming) => {
      await incoming.receive();
      await incoming.cancelled;
    },
  };
  test.each(Object.entries(stalls))('[UP-2] one that %s is dropped after 10 s, and its shard goes to another', async (_, stall) => {
    let dropped = false;
    const raw = await rawHolder(async (incoming) => {
      await stall(incoming);
      dropped = true;
      throw new ShoalError('cancelled', 'dropped');
    });
    const holders = await swarm.joinMany(2, capacity);
    const owner = await joinOwner(raw);
    drop(owner, 1_000);
    await swarm.pass(9_500);
    expect({ dropped, state: fileOf(owner).state }).toEqual({ dropped: false, state: 'spreading' });
    await stored(owner, 3_000);
    expect(dropped).toBe(true);
    expect(fileOf(owner)).toMatchObject({ k: 1, m: 2, shards: [1, 1, 1] });
    expect(new Set(holders.map((holder) => heldBy(holder).held))).toEqual(new Set([1, 2]));
  });
});

test('[UP-3] a holder that leaves in the middle of a shard is replaced', async () => {
  const raw = await rawHolder(async (incoming, self) => {
    await incoming.receive();
    await self.links.stop();
    return new Uint8Array();
  });
  await swarm.joinMany(2, capacity);
  const owner = await joinOwner(raw);
  drop(owner, 1_000);
  await stored(owner, 5_000);
  expect(fileOf(owner).shards).toEqual([1, 1, 1]);
});

test.each(['full', 'busy', 'stale', 'auth', 'internal'] as const)(
  '[UP-3] a holder that answers `%s` to every store is replaced, and not asked twice for a segment',
  async (code) => {
    let asked = 0;
    const raw = await rawHolder(async () => {
      asked++;
      throw new ShoalError(code, 'no');
    });
    const holders = await swarm.joinMany(2, capacity);
    const owner = await joinOwner(raw);
    drop(owner, 300_000);
    await stored(owner, 5_000);
    expect(asked).toBe(2);
    expect(fileOf(owner).shards).toEqual([1, 1, 1, 1, 1, 1]);
    expect(holders.map(heldBy)).toEqual([
      { held: 3, staged: 0, reserved: 0 },
      { held: 3, staged: 0, reserved: 0 },
    ]);
  },
);

test('[UP-3] the descriptor goes again to a holder that refused, for it may not have read it', async () => {
  const described: boolean[] = [];
  const raw = await rawHolder(async ({ body }) => {
    described.push(storeBody.read(body).descriptor !== undefined);
    throw new ShoalError(described.length === 1 ? 'busy' : 'full', 'not now');
  });
  drop(await joinOwner(raw), 1_000);
  await swarm.pass(20_000);
  expect(described.length).toBeGreaterThan(1);
  expect(described.every((given) => given)).toBe(true);
});

test('[UP-3] a holder that is full when some bytes have come, by its disk and not by its accounts, is replaced and says so at once', async () => {
  const holders = await swarm.joinMany(3, capacity);
  const [full] = holders as [SimulatedPeer];
  full.disk.space = 100_000;
  const owner = await joinOwner();
  drop(owner, 900_000);
  await stored(owner, 20_000);
  expect(fileOf(owner).shards).toEqual([1, 1, 1, 1, 1, 1]);
  await swarm.pass(600);
  expect(heldBy(full)).toEqual(nothing);
  expect(holders.slice(1).map((holder) => heldBy(holder).held)).toEqual([3, 3]);
  expect(full.peer.snapshot().self).toMatchObject({ capacity: 0, contributing: false });
  expect(owner.peer.snapshot().peers.find(({ node }) => node === full.node)).toMatchObject({ capacity: 0 });
});

describe('[UP-5] what does not cover the shard is no claim', () => {
  const wrong: Readonly<Record<string, (nowMs: number, raw: RawPeer, stranger: RawPeer) => Partial<Claim> & { by?: RawPeer }>> = {
    'of another shard': () => ({ bitmap: Uint8Array.of(0) }),
    'of another object version': () => ({ contentRoot: new Uint8Array(32) }),
    'of another owner’s object': () => ({ objectKey: new Uint8Array(32) }),
    'of another holder': (_, __, stranger) => ({ by: stranger }),
    'in another holder’s name': (_, __, stranger) => ({ holder: stranger.signer.publicKey }),
    'that has expired': (nowMs) => ({ issuedMs: nowMs - 2, expiresMs: nowMs - 1 }),
    'that no record takes': () => ({ bitmap: Uint8Array.of(1, 0) }),
  };
  test.each(Object.entries(wrong))('[UP-5] a claim %s does not make a file stored', async (_, lie) => {
    let lying = true;
    const stranger = await swarm.joinRaw();
    const raw = await rawHolder(async (incoming, self) => {
      for (let part = await incoming.receive(); part !== undefined; part = await incoming.receive()) continue;
      const { by = self, ...stated } = lying ? lie(swarm.clock.now(), self, stranger) : {};
      const { descriptor } = parseDescriptor(storeBody.read(incoming.body).descriptor!);
      return signClaim(by.signer, { descriptor }, { shards: [0], nowMs: swarm.clock.now(), ...stated });
    });
    const owner = await joinOwner(raw);
    drop(owner, 100);
    await swarm.pass(12_000);
    expect(fileOf(owner)).toMatchObject({ state: 'waiting', k: 1, m: 0 });
    lying = false;
    await stored(owner, 10_000);
  });
});

test('[UP-5] a file whose record no keeper takes is not stored until one does', async () => {
  let full = true;
  const raw = await rawHolder(async (incoming, { signer }) => {
    for (let part = await incoming.receive(); part !== undefined; part = await incoming.receive()) continue;
    const { descriptor } = parseDescriptor(storeBody.read(incoming.body).descriptor!);
    return signClaim(signer, { descriptor }, { shards: [0], nowMs: swarm.clock.now() });
  });
  raw.links.handle(kinds.recordPut, async () => {
    if (full) throw new ShoalError('full', 'no room for records');
    return emptyBody.write({});
  });
  const owner = await joinOwner(raw);
  drop(owner, 100);
  await swarm.pass(12_000);
  expect(fileOf(owner).state).toBe('waiting');
  full = false;
  await stored(owner, 6_000);
});

test('[UP-5] a keeper that does not answer is waited for 10 s, and no longer where another one has the record', async () => {
  await swarm.joinMany(2, capacity);
  const silent = await swarm.joinRaw();
  silent.links.handle(kinds.recordPut, async ({ cancelled }) => (await cancelled, emptyBody.write({})));
  const owner = await joinOwner();
  await silent.beat({ capacity: 0 });
  await swarm.pass(100);
  drop(owner, 1_000);
  await swarm.pass(9_500);
  expect(fileOf(owner)).toMatchObject({ state: 'spreading', shards: [1, 1] });
  await stored(owner, 1_500);
});

test('[UP-1] a file that changes between the passes fails with integrity, and not one block of it is left anywhere', async () => {
  const holders = await swarm.joinMany(3, capacity);
  const file = memoryFile('log.txt', new Uint8Array(70_000));
  const changing = (inner: Codec): Codec => ({
    ...inner,
    async seal(job) {
      const sealer = await inner.seal(job);
      const commit: typeof sealer.commit = async (progress) => {
        const commitment = await sealer.commit(progress);
        file.handle.bytes[69_999] = 1;
        return commitment;
      };
      return { ...sealer, commit };
    },
  });
  const owner = await swarm.join(0, { around: (ports) => ({ ...ports, codec: changing(ports.codec) }) });
  await swarm.pass(5_000);
  owner.peer.drop(file);
  await swarm.until(() => fileOf(owner).state === 'failed', 5_000);
  expect(fileOf(owner).error).toBe('integrity');
  await swarm.pass(1_000);
  expect(holders.map(heldBy)).toEqual([nothing, nothing, nothing]);
  expect(holders.map(({ values }) => values.get('record')?.size ?? 0)).toEqual([0, 0, 0]);
});

describe('[OWN-1] own files over a restart', () => {
  test('[OWN-1] a restarted owner lists its files, oldest last, and knows how they are', async () => {
    const holders = await swarm.joinMany(3, capacity);
    const owner = await joinOwner();
    for (const name of ['first', 'second', 'third']) {
      owner.peer.drop(memoryFile(name, seededRandom(name).bytes(100)));
      await stored(owner);
      await swarm.pass(1_000);
    }
    const before = owner.peer.snapshot().files;
    await owner.peer.stop();
    const again = await swarm.join(0, { again: owner });
    await swarm.pass(20_000);
    const after = again.peer.snapshot().files;
    expect(after.map(({ name }) => name)).toEqual(['third', 'second', 'first']);
    expect(after).toEqual(before);
    expect(after[0]).toMatchObject({ state: 'stored', health: 'Safe', margin: 2 });
    expect(after[0]!.bytesStored).toBe(after[0]!.bytesTotal);
    await holders[0]!.peer.stop();
    await swarm.pass(1_000);
    expect(again.peer.snapshot().files[0]).toMatchObject({ health: 'Thin', margin: 1 });
  });

  test('[OWN-1] of twelve files eight are looked up at a time', async () => {
    await swarm.joinMany(2, capacity);
    const owner = await joinOwner();
    for (let i = 0; i < 12; i++) owner.peer.drop(memoryFile(`${i}`, seededRandom(`${i}`).bytes(100)));
    await swarm.until(() => owner.peer.snapshot().files.every(({ state }) => state === 'stored'));
    await owner.peer.stop();
    const raw = await swarm.joinRaw();
    const asked = new Set<string>();
    raw.links.handle(kinds.recordGet, async ({ body, cancelled }) => {
      asked.add(toHex(recordGetBody.read(body).recordKey));
      return (await cancelled, emptyBody.write({}));
    });
    await swarm.join(0, { again: owner });
    await swarm.until(() => asked.size > 0);
    await swarm.pass(600);
    expect(asked.size).toBe(8);
    await swarm.until(() => asked.size === 12, 10_000);
  });

  test('[OWN-2] an upload that the end of the peer interrupted is listed as not stored until it is taken off', async () => {
    const owner = await joinOwner();
    drop(owner, 10);
    await swarm.pass(5_000);
    await owner.peer.stop();
    const again = await swarm.join(0, { again: owner });
    expect(again.peer.snapshot().files).toMatchObject([{ name: 'cargo.bin', state: 'failed', error: 'cancelled' }]);
    again.peer.cancel(fileOf(again).id);
    await swarm.pass(100);
    await again.peer.stop();
    expect((await swarm.join(0, { again: owner })).peer.snapshot().files).toEqual([]);
  });
});
