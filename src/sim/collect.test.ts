import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { toHex } from '../core/bytes/text.ts';
import { recordFrom } from '../core/record/record.ts';
import { parseRenewal } from '../core/record/renewal.ts';
import { encodeRecord } from '../core/record/stored.ts';
import { kinds, recordPutBody, storeOk } from '../core/wire/kinds.ts';
import type { RawPeer } from './raw-peer.ts';
import { type SealedObject, sealObject } from './sealed-object.ts';
import { signRenewal } from './statements.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const policy = { graceMs: minuteMs, collectMs: 20_000, olderMs: 10 * minuteMs };

let swarm: SimulatedSwarm;
let holder: SimulatedPeer;
let raw: RawPeer;
beforeEach(async () => {
  swarm = simulated('collect');
  holder = await swarm.join(10_000_000, { options: { policy } });
  raw = await swarm.joinRaw();
});

/** Of two shards one is held, or both. */
async function store(object: SealedObject, shard = 0): Promise<void> {
  const call = await raw.store(holder.node, object, { shard });
  call.send(object.shards[shard]!).catch(() => {});
  call.end();
  storeOk.read(await swarm.settled(call.result));
}

/** An object whose lease has ten minutes to go. */
async function ending(seed: string): Promise<SealedObject> {
  const object = await sealObject(swarm.crypto, { seed, nowMs: swarm.clock.now() - 30 * dayMs + 10 * minuteMs });
  await store(object);
  return object;
}

async function putRenewal({ owner }: SealedObject, leaseMs: number): Promise<void> {
  const signed = await signRenewal(owner, leaseMs);
  const record = encodeRecord(recordFrom({ heads: [], renewal: { renewal: parseRenewal(signed).renewal, signed } }));
  const call = raw.session(holder.node).call(kinds.recordPut, recordPutBody.write({ record }), { deadlineMs: 10_000 });
  await swarm.settled(call.result);
}

const rootsHeld = () => [...new Set([...holder.disk.held.values()].map(({ meta }) => meta.contentRoot))];
const rootOf = ({ descriptor }: SealedObject) => toHex(descriptor.contentRoot);

test('[LEASE-2, RENEW-2] what its record says is renewed stays; a renewal beyond what a holder takes counts for nothing', async () => {
  const plain = await ending('plain');
  const renewed = await ending('renewed');
  const far = await ending('far');
  await putRenewal(renewed, swarm.clock.now() + 20 * dayMs);
  await expect(putRenewal(far, swarm.clock.now() + 5_000 * dayMs)).rejects.toMatchObject({ code: 'bad-input' });
  await swarm.pass(10 * minuteMs);
  expect(new Set(rootsHeld())).toEqual(new Set([plain, renewed, far].map(rootOf)));
  // Nobody else knows of them: who does may be away.
  await swarm.pass(policy.olderMs);
  expect(new Set(rootsHeld())).toEqual(new Set([plain, renewed, far].map(rootOf)));
  await swarm.pass(3 * minuteMs);
  expect(rootsHeld()).toEqual([rootOf(renewed)]);
});

test('[LEASE-2] a holder that is linked to nobody keeps what has ended until it can look the record up', async () => {
  const object = await ending('alone');
  await raw.links.stop();
  await swarm.pass(20 * minuteMs);
  expect(rootsHeld()).toEqual([rootOf(object)]);
  await swarm.joinRaw();
  await swarm.pass(2 * minuteMs);
  expect(rootsHeld()).toEqual([]);
});

test('[VER-4, HOLD-10] an older version goes a while after a newer one can be restored, also over a restart, not before', async () => {
  const nowMs = swarm.clock.now();
  const older = await sealObject(swarm.crypto, { seed: 'older', nowMs });
  const newer = await sealObject(swarm.crypto, { seed: 'newer', nowMs, replaces: older, k: 2 });
  await store(older);
  await store(newer);
  await swarm.pass(policy.olderMs + minuteMs);
  expect(new Set(rootsHeld())).toEqual(new Set([rootOf(older), rootOf(newer)]));
  await store(newer, 1);
  await swarm.pass(5 * minuteMs);
  await holder.peer.stop();
  holder = await swarm.join(10_000_000, { again: holder, options: { policy } });
  await swarm.pass(4 * minuteMs);
  expect(rootsHeld()).toHaveLength(2);
  await swarm.pass(2 * minuteMs);
  expect(rootsHeld()).toEqual([rootOf(newer)]);
});
