import { beforeAll, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { parseClaim } from '../core/record/claim.ts';
import { decodeRecord } from '../core/record/stored.ts';
import { deleteBody, deleteOk, kinds, renewBody, renewOk, storeOk } from '../core/wire/kinds.ts';
import { leaseAheadMaxMs, requestSkewMs } from '../core/wire/limits.ts';
import { itemsOf } from '../peer/authority.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import type { RawPeer, RequestOverrides } from './raw-peer.ts';
import { type SealedObject, sealObject } from './sealed-object.ts';
import { laterVersion, signRenewal, signTombstone } from './statements.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const dayMs = 24 * 3_600_000;
const deadlineMs = 10_000;

let swarm: SimulatedSwarm;
let holder: SimulatedPeer;
let raw: RawPeer;
let object: SealedObject;
let other: SealedObject;
/** What holds at the end of every refusal: the shard is there, until when it was. */
let shardBytes: number;

beforeAll(async () => {
  swarm = simulated('owner requests', { crypto: nodeCrypto() });
  [holder] = (await swarm.joinMany(1, 10_000_000)) as [SimulatedPeer];
  raw = await swarm.joinRaw();
  object = await sealObject(swarm.crypto, { seed: 'one', nowMs: swarm.clock.now() });
  other = await sealObject(swarm.crypto, { seed: 'other', nowMs: swarm.clock.now() });
  await store(object);
  shardBytes = object.shards[0]!.length;
});

async function store(of: SealedObject) {
  const call = await raw.store(holder.node, of);
  call.send(of.shards[0]!).catch(() => {});
  call.end();
  return parseClaim(storeOk.read(await swarm.settled(call.result)).claim).claim;
}

async function remove(of: SealedObject, overrides: RequestOverrides & { tombstone?: Uint8Array } = {}): Promise<number> {
  const tombstone = overrides.tombstone ?? (await signTombstone(of.owner));
  const covered = deleteBody.write({ request: new Uint8Array(), tombstone });
  const body = await raw.signed(holder.node, of.owner, kinds.delete, covered, overrides);
  return deleteOk.read(await swarm.settled(raw.session(holder.node).call(kinds.delete, body, { deadlineMs }).result)).freed;
}

/** One item for each; gives what came back for each, or throws what refused them all. */
async function renew(each: readonly (readonly [SealedObject, RequestOverrides & { renewal?: Uint8Array; leaseMs?: number }])[]) {
  const items = [];
  for (const [{ owner }, overrides] of each) {
    const renewal = overrides.renewal ?? (await signRenewal(owner, overrides.leaseMs ?? swarm.clock.now() + 35 * dayMs));
    const [covered] = itemsOf(renewBody.write({ items: [{ request: new Uint8Array(), renewal }] }));
    items.push(await raw.signed(holder.node, owner, kinds.renew, covered!, overrides));
  }
  const call = raw.session(holder.node).call(kinds.renew, new Map([[1, items]]), { deadlineMs });
  return renewOk.read(await swarm.settled(call.result)).items;
}

const bytes = (fill: number) => new Uint8Array(32).fill(fill);

/** What is wrong with a request, whatever it asks for, and the refusal. */
const wrong: readonly (readonly [rule: string, overrides: () => RequestOverrides, code: string])[] = [
  ['[REQ-1] a false signature', () => ({ signer: other.owner }), 'auth'],
  ['[REQ-1] another owner', () => ({ request: { from: other.owner.publicKey }, signer: other.owner }), 'auth'],
  ['[REQ-2] another peer', () => ({ request: { audience: bytes(1) } }), 'auth'],
  ['[REQ-2] another session', () => ({ request: { sessionId: bytes(2) } }), 'auth'],
  ['[REQ-2] another swarm', () => ({ request: { swarm: 'elsewhere' } }), 'auth'],
  ['[REQ-2] another kind of message', () => ({ request: { kind: kinds.store } }), 'auth'],
  ['[REQ-2] another message', () => ({ request: { bodyHash: bytes(3) } }), 'auth'],
  ['[REQ-3] a clock that is late', () => ({ request: { ts: swarm.clock.now() - requestSkewMs - 1_000 } }), 'stale'],
  ['[REQ-3] a clock that is early', () => ({ request: { ts: swarm.clock.now() + requestSkewMs + 1_000 } }), 'stale'],
  ['[REQ-4] a sequence that was used', () => ({ request: { sequence: 1 } }), 'auth'],
  ['[REQ-1] no request', () => ({ tamper: (body) => body.set(1, new Uint8Array()) }), 'bad-input'],
  ['[REQ-1] a request of a later version', () => ({ tamper: (body) => body.set(1, laterVersion(body.get(1) as Uint8Array)) }), 'too-new'],
];

describe('[DEL-1, REQ-2] a deletion', () => {
  test.each(wrong)('[DEL-1] with %s is refused and removes nothing', async (_, overrides, code) => {
    await expect(remove(object, overrides())).rejects.toMatchObject({ code });
    expect(holder.peer.snapshot().self).toMatchObject({ shards: 1, used: shardBytes });
  });

  test('[DEL-1] whose tombstone another one signed is refused, and so is one that a signed request does not cover', async () => {
    const forged = await signTombstone(object.owner, other.owner);
    await expect(remove(object, { tombstone: forged })).rejects.toMatchObject({ code: 'auth' });
    const swapped = await signTombstone(object.owner, object.owner, 1);
    await expect(remove(object, { tamper: (body) => body.set(2, swapped) })).rejects.toMatchObject({ code: 'auth' });
    expect(holder.peer.snapshot().self).toMatchObject({ shards: 1 });
  });
});

describe('[RENEW-3, REQ-2] a renewal', () => {
  const leaseHere = () => {
    const [encoded] = holder.values.get('record')!.values();
    return decodeRecord(encoded!).renewal?.renewal.leaseMs;
  };

  test.each(wrong)('[RENEW-3] with %s is refused, and extends nothing', async (_, overrides, code) => {
    expect(await renew([[object, overrides()]])).toEqual([{ code }]);
    expect(leaseHere()).toBeUndefined();
  });

  test('[RENEW-3] each of a message has its own verdict: what is refused leaves the rest as it is', async () => {
    const leaseMs = swarm.clock.now() + 40 * dayMs;
    const forged = await signRenewal(object.owner, leaseMs, other.owner);
    const far = swarm.clock.now() + leaseAheadMaxMs + dayMs;
    const answers = await renew([
      [object, { renewal: forged }],
      [object, { leaseMs: far }],
      [other, {}],
      [object, { leaseMs }],
    ]);
    expect(answers.map(({ code }) => code)).toEqual(['auth', 'bad-input', 'not-found', undefined]);
    expect(leaseHere()).toBe(leaseMs);
    // The claim is as long as any claim may be: the lease goes on beyond it.
    expect(parseClaim(answers[3]!.claim!).claim.expiresMs).toBe(parseClaim(answers[3]!.claim!).claim.issuedMs + 30 * dayMs);
  });
});

test('[DEL-1, DEL-4] the owner’s deletion frees the bytes; the same object is not taken again; another one is', async () => {
  expect(await remove(object)).toBe(shardBytes);
  expect(holder.peer.snapshot().self).toMatchObject({ shards: 0, used: 0 });
  expect(holder.disk.held.size).toBe(0);
  await expect(store(object)).rejects.toMatchObject({ code: 'not-found' });
  expect(await remove(object)).toBe(0);
  await store(other);
  expect(holder.peer.snapshot().self.shards).toBe(1);
});

test('[DEL-4] a store under way while its object is deleted is taken back', async () => {
  const fresh = await sealObject(swarm.crypto, { seed: 'fresh', nowMs: swarm.clock.now() });
  const call = await raw.store(holder.node, fresh);
  call.send(fresh.shards[0]!.subarray(0, 10)).catch(() => {});
  await swarm.pass(1_000);
  await remove(fresh);
  call.send(fresh.shards[0]!.subarray(10)).catch(() => {});
  call.end();
  await expect(swarm.settled(call.result)).rejects.toMatchObject({ code: 'not-found' });
  expect(holder.peer.snapshot().self).toMatchObject({ shards: 1, reserved: 0 });
});

test('[LEASE-6] a lease that is over, or ends more than 400 days ahead, is not taken', async () => {
  const nowMs = swarm.clock.now();
  const over = await sealObject(swarm.crypto, { seed: 'over', nowMs: nowMs - 31 * dayMs });
  await expect(store(over)).rejects.toMatchObject({ code: 'bad-input' });
  const far = await sealObject(swarm.crypto, { seed: 'far', nowMs: nowMs + 380 * dayMs });
  await expect(store(far)).rejects.toMatchObject({ code: 'bad-input' });
});
