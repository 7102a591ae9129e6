import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { type Claim, claimHolds, parseClaim } from '../core/record/claim.ts';
import { leafBytes } from '../core/merkle/tree.ts';
import { verifyProof } from '../core/merkle/proof.ts';
import { shardRoot } from '../core/object/descriptor.ts';
import { recordOf } from '../core/record/record.ts';
import { encodeRecord, readStored } from '../core/record/stored.ts';
import { claimLifetimeMs } from '../core/wire/limits.ts';
import { placeKey } from '../core/storage/shard.ts';
import { parseHeartbeat } from '../core/wire/heartbeat.ts';
import { emptyBody, heartbeatBody, kinds, readBody, readOk, recordPutBody, storeOk, storeProgress } from '../core/wire/kinds.ts';
import type { Call } from '../peer/links/exchange.ts';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { memoryShardStore } from '../platform/memory/shard-store.ts';
import type { RawPeer, StoreOverrides } from './raw-peer.ts';
import { type SealedObject, sealObject, signClaim } from './sealed-object.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const minuteMs = 60_000;
const capacity = 1_000_000;

let swarm: SimulatedSwarm;
let holder: SimulatedPeer;
let raw: RawPeer;
let object: SealedObject;

beforeEach(async () => {
  swarm = simulated('hold');
  [holder] = (await swarm.joinMany(1, capacity)) as [SimulatedPeer];
  raw = await swarm.joinRaw();
  object = await sealObject(swarm.crypto, { seed: 'held', size: 300, nowMs: swarm.clock.now() });
});

const self = () => holder.peer.snapshot().self;
const nothingKept = () =>
  expect({ held: holder.disk.held.size, staged: holder.disk.staged.size, ...self() }).toMatchObject({
    held: 0,
    staged: 0,
    used: 0,
    reserved: 0,
    shards: 0,
  });

/** Opens a store, sends `bytes` and lets them arrive. */
async function begin(bytes: Uint8Array, overrides: StoreOverrides = {}, of = object): Promise<Call> {
  const call = await raw.store(holder.node, of, overrides);
  call.send(bytes).catch(() => {});
  await swarm.pass(1_000);
  return call;
}

async function store(overrides: StoreOverrides = {}, of = object) {
  const call = await begin(of.shards[overrides.shard ?? 0]!, overrides, of);
  call.end();
  return parseClaim(storeOk.read(await swarm.settled(call.result)).claim).claim;
}

const end = (call: Call): Promise<unknown> => {
  call.end();
  return swarm.settled(call.result);
};

test('[HOLD-2] wrong bytes of the right length: integrity, nothing kept, the room free again', async () => {
  const wrong = object.shards[0]!.slice();
  wrong[wrong.length - 1]! ^= 1;
  const call = await begin(wrong);
  expect(self().reserved).toBe(wrong.length);
  await expect(end(call)).rejects.toMatchObject({ code: 'integrity' });
  nothingKept();
});

test('[HOLD-2] the bytes of another shard of the same object are wrong bytes', async () => {
  const two = await sealObject(swarm.crypto, { seed: 'two', size: 70_000, k: 2, m: 0, nowMs: swarm.clock.now() });
  await expect(end(await begin(two.shards[1]!, { shard: 0 }, two))).rejects.toMatchObject({ code: 'integrity' });
  nothingKept();
});

test('[HOLD-2] one byte too many or too few: bad-input, nothing kept', async () => {
  const [shard] = object.shards as [Uint8Array];
  const more = await begin(concatBytes(shard, new Uint8Array(1)));
  await expect(swarm.settled(more.result, 100)).rejects.toMatchObject({ code: 'bad-input' });
  nothingKept();
  await expect(end(await begin(shard.subarray(1)))).rejects.toMatchObject({ code: 'bad-input' });
  await expect(end(await begin(new Uint8Array()))).rejects.toMatchObject({ code: 'bad-input' });
  nothingKept();
});

test('[HOLD-2] after 60 s without a byte the store is over and its room free; a byte in time keeps it open', async () => {
  const [shard] = object.shards as [Uint8Array];
  const call = await begin(shard.subarray(0, 1));
  await swarm.pass(58_000);
  call.send(shard.subarray(1, 2)).catch(() => {});
  await swarm.pass(59_000);
  expect(self().reserved).toBe(shard.length);
  await expect(swarm.settled(call.result, 2_000)).rejects.toMatchObject({ code: 'timeout' });
  nothingKept();
});

test('[HOLD-2] cancelled, or with the link lost, a store leaves nothing, at once', async () => {
  const part = object.shards[0]!.subarray(0, 100);
  const call = await begin(part);
  call.cancel();
  await swarm.pass(100);
  nothingKept();
  await begin(part);
  expect(self().reserved).toBeGreaterThan(0);
  swarm.network.cut(raw.node, holder.node);
  await swarm.pass(100);
  nothingKept();
});

test('[HOLD-2] without room for the whole shard, what others have begun counted: full', async () => {
  const large = await sealObject(swarm.crypto, { seed: 'large', size: 70_000, nowMs: swarm.clock.now() });
  const { length } = large.shards[0]!;
  await holder.peer.contribute(Math.ceil((1.5 * length) / 0.9));
  const first = await begin(large.shards[0]!.subarray(0, 1), {}, large);
  await expect(store({ shard: 1 }, large)).rejects.toMatchObject({ code: 'full' });
  first.cancel();
  await swarm.pass(100);
  expect(claimHolds(await store({ shard: 1 }, large), 1)).toBe(true);
});

test('[HOLD-2] a shard that is being stored is not stored a second time: busy', async () => {
  const call = await begin(object.shards[0]!.subarray(0, 1));
  await expect(store()).rejects.toMatchObject({ code: 'busy' });
  call.send(object.shards[0]!.subarray(1)).catch(() => {});
  await end(call);
  expect(self()).toMatchObject({ shards: 1, used: object.shards[0]!.length, reserved: 0 });
});

test('[HOLD-3] the claim comes after the last byte was durable, never before', async () => {
  const call = await begin(object.shards[0]!);
  let durable = 0;
  let claimed = false;
  call.onProgress((body) => {
    expect(claimed).toBe(false);
    durable = storeProgress.read(body).durable;
  });
  void call.result.then(() => (claimed = true));
  await swarm.pass(30_000);
  expect({ claimed, held: holder.disk.held.size }).toEqual({ claimed: false, held: 0 });
  await end(call);
  expect({ claimed, held: holder.disk.held.size, durable }).toEqual({ claimed: true, held: 1, durable: object.shards[0]!.length });
});

test('[HOLD-3] a store of a shard held already is answered with a fresh claim, and takes no byte', async () => {
  const first = await store();
  await swarm.pass(minuteMs);
  const call = await raw.store(holder.node, object);
  let sent = false;
  call.send(object.shards[0]!).then(
    () => (sent = true),
    () => {},
  );
  const again = parseClaim(storeOk.read(await swarm.settled(call.result)).claim).claim;
  expect(again.seq).toBeGreaterThan(first.seq);
  expect(again.issuedMs).toBeGreaterThan(first.issuedMs);
  expect({ sent, used: self().used }).toEqual({ sent: false, used: object.shards[0]!.length });
});

test('[HOLD-4] a claim covers all that is held of the object, for 30 days and never past the lease', async () => {
  const one = await store();
  expect([0, 1].map((bit) => claimHolds(one, bit))).toEqual([true, false]);
  expect(one.expiresMs).toBe(object.descriptor.leaseMs);
  expect(one.expiresMs).toBeLessThanOrEqual(one.issuedMs + claimLifetimeMs);
  const both = await store({ shard: 1 });
  expect([0, 1].map((bit) => claimHolds(both, bit))).toEqual([true, true]);
  expect(both.seq).toBeGreaterThan(one.seq);
});

test('[HOLD-4] over a restart what is held and the rise of seq go on, even with a clock behind the last claim', async () => {
  await store();
  await holder.peer.stop();
  // What a clock that was a day ahead has left behind.
  const nowMs = swarm.clock.now();
  const seq = nowMs + 24 * 60 * minuteMs;
  const signed = await signClaim(holder.identity.node, object, { shards: [0], nowMs, seq });
  const record = recordOf(object.signed, object.descriptor, [{ claim: parseClaim(signed).claim, signed }]);
  expect([...holder.values.get('record')!.keys()]).toEqual([record.recordKey]);
  await memoryMetaStore(holder.values).put('record', record.recordKey, encodeRecord(record));
  holder = await swarm.join(capacity, { again: holder });
  await swarm.pass(70_000);
  expect(self()).toMatchObject({ shards: 1, used: object.shards[0]!.length });
  const after = await store({ shard: 1 });
  expect(after.seq).toBe(seq + 1);
  expect([0, 1].map((bit) => claimHolds(after, bit))).toEqual([true, true]);
});

async function read(body: Parameters<typeof readBody.write>[0]) {
  const call = raw.session(holder.node).call(kinds.read, readBody.write(body), { deadlineMs: 10_000 });
  const parts: Uint8Array[] = [];
  const received = (async () => {
    for (let part = await call.receive(); part !== undefined; part = await call.receive()) parts.push(part);
  })();
  await swarm.settled(received);
  return { bytes: concatBytes(...parts), proof: readOk.read(await swarm.settled(call.result)).proof };
}

test('[READ-1] any run of leaves comes with a proof against the signed root; none past the end, none of a shard not held', async () => {
  const size = 3 * leafBytes;
  const large = await sealObject(swarm.crypto, { seed: 'leaves', size, nowMs: swarm.clock.now() });
  await store({}, large);
  const { contentRoot } = large.descriptor;
  const place = { contentRoot, segment: 0, shard: 0 };
  const [shard] = large.shards as [Uint8Array];
  const leaves = Math.ceil(shard.length / leafBytes);
  for (const [first, count] of [
    [0, leaves],
    [1, 2],
    [leaves - 1, 1],
  ] as const) {
    const { bytes, proof } = await read({ ...place, first, count });
    expect(equalBytes(bytes, shard.subarray(first * leafBytes, (first + count) * leafBytes))).toBe(true);
    const leaf = (i: number) => swarm.crypto.sha256(bytes.subarray(i * leafBytes, (i + 1) * leafBytes));
    const entries = await Promise.all(Array.from({ length: count }, (_, i) => leaf(i)));
    expect(verifyProof(shardRoot(large.descriptor, 0, 0), leaves, first, concatBytes(...entries), proof)).toBe(true);
  }
  await expect(read({ ...place, first: leaves, count: 1 })).rejects.toMatchObject({ code: 'bad-input' });
  await expect(read({ ...place, first: 0, count: leaves + 1 })).rejects.toMatchObject({ code: 'bad-input' });
  await expect(read({ ...place, shard: 1, first: 0, count: 1 })).rejects.toMatchObject({ code: 'not-found' });
});

describe('[HOLD-7] verification at the start', () => {
  const flip = (bytes: Uint8Array): void => void (bytes[bytes.length - 1]! ^= 1);
  const disk = (shard: number) => holder.disk.held.get(placeKey({ contentRoot: toHex(object.descriptor.contentRoot), segment: 0, shard }))!;
  /** A keeper other than the holder, which was told the first claim. */
  async function keeper() {
    const claims: Claim[] = [];
    raw.links.handle(kinds.recordPut, async ({ body }) => {
      const { heads } = readStored(recordPutBody.read(body).record);
      claims.push(...heads[0]!.claims.map((signed) => parseClaim(signed).claim));
      return emptyBody.write({});
    });
    return claims;
  }
  async function restart(break_: () => void): Promise<void> {
    await store();
    await store({ shard: 1 });
    await holder.peer.stop();
    break_();
    holder = await swarm.join(capacity, { again: holder });
  }
  const lost = () => holder.peer.snapshot().events.filter((event) => event.kind === 'hold' && event.what === 'lost');

  test('[HOLD-7] reads every shard, one after another, and says how far it is', async () => {
    await restart(() => {});
    expect(self().check).toEqual({ total: 2, checked: 0, lost: 0 });
    await swarm.pass(110);
    expect(self().check).toEqual({ total: 2, checked: 1, lost: 0 });
    await swarm.pass(100);
    expect(self()).toMatchObject({ check: { total: 2, checked: 2, lost: 0 }, shards: 2 });
    expect(lost()).toEqual([]);
  });

  const losses: Readonly<Record<string, () => void>> = {
    'whose bytes changed': () => flip(disk(1).bytes),
    'whose digests changed': () => flip(disk(1).meta.digests),
    'that is gone': () => void holder.disk.held.delete(placeKey(disk(1).meta)),
  };
  test.each(Object.entries(losses))(
    '[HOLD-7, HOLD-8] a shard %s is freed, and a claim without it is at the keepers before anyone asks',
    async (_, break_) => {
      const claims = await keeper();
      const before = await store();
      await restart(break_);
      await swarm.until(() => claims.length > 0, 80_000);
      expect([0, 1].map((bit) => claimHolds(claims.at(-1)!, bit))).toEqual([true, false]);
      expect(claims.at(-1)!.seq).toBeGreaterThan(before.seq);
      expect(self()).toMatchObject({ shards: 1, used: object.shards[0]!.length, check: { total: 2, checked: 2, lost: 1 } });
      expect(lost()).toMatchObject([{ segment: 0, shard: 1 }]);
      // What was lost can be stored again.
      const again = await store({ shard: 1 });
      expect([0, 1].map((bit) => claimHolds(again, bit))).toEqual([true, true]);
      expect(again.seq).toBeGreaterThan(claims.at(-1)!.seq);
    },
  );

  test('[HOLD-8] a loss that no keeper could be told is confessed after the next start', async () => {
    const claims = await keeper();
    swarm.network.setSignaling(false);
    await restart(() => flip(disk(1).bytes));
    await swarm.pass(60_000);
    expect({ lost: self().check.lost, claims }).toEqual({ lost: 1, claims: [] });
    await holder.peer.stop();
    swarm.network.setSignaling(true);
    holder = await swarm.join(capacity, { again: holder });
    await swarm.until(() => claims.length > 0, 80_000);
    expect([0, 1].map((bit) => claimHolds(claims.at(-1)!, bit))).toEqual([true, false]);
    await swarm.pass(1_000);
    await holder.peer.stop();
    claims.length = 0;
    holder = await swarm.join(capacity, { again: holder });
    // Before the first sync.
    await swarm.pass(40_000);
    expect({ claims, lost: self().check.lost }).toEqual({ claims: [], lost: 0 });
  });
});

test('[HOLD-10] a store of which nothing comes, or the wrong bytes, leaves no note of its object', async () => {
  const notes = () => [...(holder.values.get('held')?.keys() ?? [])];
  await begin(new Uint8Array());
  await expect(store({ shard: 1 }, { ...object, shards: object.shards.map((shard) => new Uint8Array(shard.length)) })).rejects.toThrow();
  expect(notes()).toEqual([]);
});

test('[HOLD-5] with lending switched off nothing new is taken, and what is held is kept and served, also after a restart', async () => {
  await store();
  await holder.peer.contribute(0);
  expect(self()).toMatchObject({ contributing: false, capacity: 0, headroom: 0, shards: 1 });
  await expect(store({ shard: 1 })).rejects.toMatchObject({ code: 'full' });
  const place = { contentRoot: object.descriptor.contentRoot, segment: 0, shard: 0, first: 0, count: 1 };
  expect(equalBytes((await read(place)).bytes, object.shards[0]!.subarray(0, leafBytes))).toBe(true);
});

test('[HOLD-6] capacity, headroom and what is held are as before after a restart', async () => {
  await holder.peer.contribute(1_000_001);
  await store();
  const before = self();
  expect(before).toMatchObject({ capacity: 1_000_001, headroom: 100_001, used: object.shards[0]!.length, reserved: 0, contributing: true });
  await holder.peer.stop();
  const again = memoryShardStore(holder.disk);
  await again.start();
  const { capacity: lent, headroom, used } = before;
  expect(again.usage()).toEqual({ capacity: lent, headroom, used, reserved: 0, diskFull: false });
});

test('[HOLD-6] a disk that is full before the accounts say so makes the capacity what is used, which is told within half a second', async () => {
  await store();
  holder.disk.space = self().used + 100;
  const told: number[] = [];
  raw.links.onNotify(kinds.heartbeat, (_, body) => told.push(parseHeartbeat(heartbeatBody.read(body).signed).heartbeat.capacity));
  await swarm.pass(1_000);
  told.length = 0;
  await expect(store({ shard: 1 })).rejects.toMatchObject({ code: 'full' });
  await swarm.pass(600);
  expect(told.at(-1)).toBe(self().used);
  expect(self()).toMatchObject({ capacity: self().used, reserved: 0, shards: 1, diskFull: true });
  // Known after a restart too, until the person says anew how much to lend.
  await holder.peer.stop();
  const again = memoryShardStore(holder.disk);
  await again.start();
  expect(again.usage()).toMatchObject({ capacity: self().used, diskFull: true });
  await again.setCapacity(capacity);
  expect(again.usage()).toMatchObject({ capacity, diskFull: false });
});
