import { beforeAll, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { parseDescriptor } from '../core/object/descriptor.ts';
import { encodeSigned } from '../core/object/signed.ts';
import { claimHolds, parseClaim } from '../core/record/claim.ts';
import { requestSkewMs } from '../core/wire/limits.ts';
import { kinds, storeOk } from '../core/wire/kinds.ts';
import type { RawPeer, StoreOverrides } from './raw-peer.ts';
import { type SealedObject, sealObject } from './sealed-object.ts';
import { laterVersion } from './statements.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

let swarm: SimulatedSwarm;
let holder: SimulatedPeer;
let raw: RawPeer;
let object: SealedObject;
let other: SealedObject;

beforeAll(async () => {
  swarm = simulated('refusals', { crypto: nodeCrypto() });
  [holder] = (await swarm.joinMany(1, 10_000_000)) as [SimulatedPeer];
  raw = await swarm.joinRaw();
  object = await sealObject(swarm.crypto, { seed: 'one', nowMs: swarm.clock.now() });
  other = await sealObject(swarm.crypto, { seed: 'other', nowMs: swarm.clock.now() });
});

const usage = () => holder.peer.snapshot().self;

/** Stores a shard whole; gives the claim, or throws the refusal. */
async function store(overrides: StoreOverrides = {}, of = object): Promise<Uint8Array> {
  const call = await raw.store(holder.node, of, overrides);
  call.send(of.shards[overrides.shard ?? 0]!).catch(() => {});
  call.end();
  return storeOk.read(await swarm.settled(call.result)).claim;
}

async function refusal(overrides: StoreOverrides): Promise<{ code: string; held: number; reserved: number }> {
  const before = holder.disk.held.size;
  const error: unknown = await store(overrides).catch((thrown: unknown) => thrown);
  return { code: (error as { code: string }).code, held: holder.disk.held.size - before, reserved: usage().reserved };
}

/** The descriptor with a signature that is not its owner's. */
const forgedOf = ({ signed }: SealedObject): Uint8Array => encodeSigned(parseDescriptor(signed).body, new Uint8Array(64).fill(1));

const nothing = { held: 0, reserved: 0 };

describe('requests', () => {
  const bytes = (fill: number) => new Uint8Array(32).fill(fill);
  const wrong: readonly (readonly [rule: string, overrides: () => StoreOverrides, code: string])[] = [
    ['[REQ-1] a store that is not signed', () => ({ tamper: (body) => body.set(1, new Uint8Array()) }), 'bad-input'],
    ['[REQ-1] a store whose request is missing', () => ({ tamper: (body) => body.delete(1) }), 'bad-input'],
    ['[REQ-1] a request of a later version', () => ({ tamper: (body) => body.set(1, laterVersion(body.get(1) as Uint8Array)) }), 'too-new'],
    ['[REQ-1] a request with a false signature', () => ({ signer: other.owner }), 'auth'],
    ['[REQ-1] a request of another owner', () => ({ request: { from: other.owner.publicKey }, signer: other.owner }), 'auth'],
    ['[REQ-2] a request for another peer', () => ({ request: { audience: bytes(1) } }), 'auth'],
    ['[REQ-2] a request for another session', () => ({ request: { sessionId: bytes(2) } }), 'auth'],
    ['[REQ-2] a request for another swarm', () => ({ request: { swarm: 'elsewhere' } }), 'auth'],
    ['[REQ-2] a request for another kind of message', () => ({ request: { kind: kinds.recordPut } }), 'auth'],
    ['[REQ-2] a request for another message', () => ({ request: { bodyHash: bytes(3) } }), 'auth'],
    ['[REQ-2] a body that was changed after it was signed', () => ({ tamper: (body) => body.set(4, 1) }), 'auth'],
    ['[REQ-3] a clock that is late', () => ({ request: { ts: swarm.clock.now() - requestSkewMs - 1_000 } }), 'stale'],
    ['[REQ-3] a clock that is early', () => ({ request: { ts: swarm.clock.now() + requestSkewMs + 1_000 } }), 'stale'],
  ];

  test.each(wrong)('%s is refused and leaves nothing', async (_, overrides, code) => {
    expect(await refusal(overrides())).toEqual({ code, ...nothing });
  });

  test('[REQ-4] a sequence counts once: replayed or lower it is refused, per owner; a higher one is taken', async () => {
    await store({ request: { sequence: 1_000 } }, other);
    const again = (sequence: number) => store({ shard: 1, request: { sequence } }, other).catch((error: unknown) => error);
    expect(await again(1_000)).toMatchObject({ code: 'auth' });
    expect(await again(999)).toMatchObject({ code: 'auth' });
    expect(await again(1_001)).toBeInstanceOf(Uint8Array);
    // Another owner's sequence on the same link is its own.
    expect(await store({ request: { sequence: 500 } })).toBeInstanceOf(Uint8Array);
  });

  test('[REQ-4] a request recorded on one link is worth nothing on the next', async () => {
    const sessionId = raw.session(holder.node).id.slice();
    swarm.network.cut(raw.node, holder.node);
    await swarm.pass(70_000);
    expect(await refusal({ request: { sessionId, sequence: 5_000 } })).toEqual({ code: 'auth', ...nothing });
    expect(await store({ request: { sequence: 1 } })).toBeInstanceOf(Uint8Array);
  });
});

describe('descriptors and places', () => {
  const wrong: readonly (readonly [rule: string, overrides: () => StoreOverrides, code: string])[] = [
    ['a descriptor with a false signature', () => ({ descriptor: forgedOf(object) }), 'auth'],
    ['a descriptor of another object', () => ({ descriptor: other.signed }), 'bad-input'],
    ['a contentRoot that never came with a descriptor', () => ({ descriptor: undefined, contentRoot: new Uint8Array(32) }), 'not-found'],
    ['a segment outside the object', () => ({ segment: 1 }), 'bad-input'],
    ['a shard outside the object', () => ({ shard: 2 }), 'bad-input'],
    ['a length that the place does not have', () => ({ length: 64 }), 'bad-input'],
  ];

  test.each(wrong)('[HOLD-1] %s is refused and leaves nothing', async (_, overrides, code) => {
    const sequence = { sequence: 10_000 + wrong.findIndex(([rule]) => rule === _) };
    expect(await refusal({ request: sequence, ...overrides() })).toEqual({ code, ...nothing });
  });

  test('[HOLD-1] after a descriptor with a false signature the true one is taken, and then its name is enough', async () => {
    const fresh = await sealObject(swarm.crypto, { seed: 'fresh', nowMs: swarm.clock.now() });
    await expect(store({ descriptor: forgedOf(fresh), request: { sequence: 1 } }, fresh)).rejects.toMatchObject({ code: 'auth' });
    await store({ request: { sequence: 2 } }, fresh);
    const claim = await store({ shard: 1, descriptor: undefined, request: { sequence: 3 } }, fresh);
    expect([0, 1].map((bit) => claimHolds(parseClaim(claim).claim, bit))).toEqual([true, true]);
  });
});
