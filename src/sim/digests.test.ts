import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { decodeDigest, encodeDigest, type KnownHeartbeat } from '../core/wire/digest.ts';
import { encodeHeartbeatBody, type Heartbeat, heartbeatLabel, parseHeartbeat } from '../core/wire/heartbeat.ts';
import { digestBody, heartbeatsBody, kinds } from '../core/wire/kinds.ts';
import { noticeOf } from '../core/wire/message.ts';
import { heartbeatsMax, requestSkewMs } from '../core/wire/limits.ts';
import { nodeId } from '../core/crypto/keys.ts';
import type { Signer } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import type { RawPeer } from './raw-peer.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 5_000_000;

let swarm: SimulatedSwarm;
let peer: SimulatedPeer;
let raw: RawPeer;

beforeEach(async () => {
  swarm = simulated('digests');
  [peer] = (await swarm.joinMany(1, capacity)) as [SimulatedPeer];
  raw = await swarm.joinRaw();
  await raw.beat();
  await swarm.pass(1_000);
});

const seen = (node: string, by = peer) => by.peer.snapshot().peers.find((each) => each.node === node);
const stranger = (seed: string): Promise<Signer> => swarm.crypto.signer(seededRandom(`stranger/${seed}`).bytes(32));

async function heartbeatOf(signer: Signer, stated: Partial<Heartbeat> = {}): Promise<Uint8Array> {
  const counts = { class: 0, capacity, used: 0, reserved: 0, headroom: 0 };
  const body = encodeHeartbeatBody({ node: signer.publicKey, incarnation: 1, seq: 1, ...counts, ts: swarm.clock.now(), ...stated });
  return encodeSigned(body, await signer.sign(signingBytes(heartbeatLabel, body)));
}

/** Asks the peer for its digest as one that knows `known`; gives what it told. */
async function exchange(known: readonly KnownHeartbeat[] = []) {
  const call = raw.session(peer.node).call(kinds.digest, digestBody.write({ digest: encodeDigest(known) }), { deadlineMs: 10_000 });
  return decodeDigest(digestBody.read(await swarm.settled(call.result)).digest);
}

/** After an exchange, passes heartbeats on to the peer. */
async function passOn(...signed: Uint8Array[]): Promise<void> {
  await swarm.pass(6_000);
  await exchange();
  raw.session(peer.node).notify(noticeOf(kinds.heartbeats, heartbeatsBody.write({ signed })));
  await swarm.pass(100);
}

describe('[DIGEST-3] heartbeats that are passed on', () => {
  test('[DIGEST-3] make a peer known that nothing links us with: live while they are fresh, no lender, and forgotten in the end', async () => {
    const far = await stranger('far');
    const node = nodeId(far.publicKey);
    await passOn(await heartbeatOf(far));
    expect(seen(node)).toMatchObject({ state: 'live', linked: false, capacity });
    await swarm.pass(requestSkewMs + 70_000);
    expect(seen(node)).toMatchObject({ state: 'live' });
    await swarm.pass(20_000);
    expect(seen(node)).toMatchObject({ state: 'suspect' });
    await swarm.pass(75_000);
    expect(seen(node)).toMatchObject({ state: 'away' });
    await swarm.pass(900_000);
    expect(seen(node)).toBeUndefined();

    await passOn(await heartbeatOf(far, { seq: 2 }));
    await raw.beat({ capacity: 0, headroom: 0 });
    await swarm.pass(1_000);
    peer.peer.drop(memoryFile('alone.bin', new Uint8Array(10)));
    await swarm.pass(20_000);
    expect(seen(node)!.state).toBe('live');
    expect(peer.peer.snapshot().files[0]!.state).toBe('waiting');
  });

  test('[DIGEST-3] change nothing when they are old, replayed, forged, stale, from the future or of a linked peer', async () => {
    const far = await stranger('far');
    const node = nodeId(far.publicKey);
    const first = await heartbeatOf(far, { incarnation: 3, seq: 10, capacity: 111 });
    await passOn(first);
    expect(seen(node)!.capacity).toBe(111);
    const nowMs = swarm.clock.now();
    const forged = (await heartbeatOf(far, { incarnation: 4, capacity: 222 })).slice();
    forged[forged.length - 1]! ^= 1;
    await passOn(
      first,
      await heartbeatOf(far, { incarnation: 3, seq: 9, capacity: 222 }),
      await heartbeatOf(far, { incarnation: 2, seq: 99, capacity: 222 }),
      await heartbeatOf(far, { incarnation: 4, capacity: 222, ts: nowMs + requestSkewMs + 60_000 }),
      await heartbeatOf(far, { incarnation: 4, capacity: 222, ts: nowMs - requestSkewMs - 151_000 }),
      await heartbeatOf(raw.signer, { incarnation: 9, capacity: 222 }),
      await heartbeatOf(peer.identity.node, { incarnation: nowMs * 2, capacity: 222 }),
      forged,
      new Uint8Array(7),
    );
    expect(seen(node)!.capacity).toBe(111);
    expect(seen(raw.node)!.capacity).toBe(100_000_000);
    expect(seen(peer.node)).toBeUndefined();
    expect(seen(raw.node)!.verdicts).toEqual([]);
    await passOn(await heartbeatOf(far, { incarnation: 3, seq: 11, capacity: 333 }));
    expect(seen(node)!.capacity).toBe(333);
  });

  test('[DIGEST-3] of a peer whose link was lost count only those made after that', async () => {
    const other = await swarm.joinRaw();
    await other.beat({ incarnation: 1, seq: 100, ts: swarm.clock.now() + 200_000 });
    await swarm.pass(1_000);
    const madeBefore = await heartbeatOf(other.signer, { incarnation: 1, seq: 101, ts: swarm.clock.now() + 200_000 });
    await other.links.stop();
    await swarm.pass(1_000);
    expect(seen(other.node)!.state).toBe('away');
    await passOn(madeBefore);
    expect(seen(other.node)!.state).toBe('away');
    await swarm.pass(10_000);
    await passOn(await heartbeatOf(other.signer, { incarnation: 1, seq: 102, ts: swarm.clock.now() + 200_000 }));
    expect(seen(other.node)).toMatchObject({ state: 'live', linked: false });
    // How far its clock is ahead is known, and buys it no time.
    await swarm.pass(requestSkewMs + 80_000);
    expect(seen(other.node)!.state).toBe('suspect');
  });

  test('[DIGEST-4] are taken once after each exchange, and digests answered once in 5 s', async () => {
    const [one, two] = [await stranger('one'), await stranger('two')];
    const signed = await heartbeatOf(one);
    for (let i = 0; i < 3; i++) raw.session(peer.node).notify(noticeOf(kinds.heartbeats, heartbeatsBody.write({ signed: [signed] })));
    await swarm.pass(100);
    const before = seen(nodeId(one.publicKey)) !== undefined;
    expect(before).toBe(false);
    await passOn(signed);
    expect(seen(nodeId(one.publicKey))).toBeDefined();
    raw.session(peer.node).notify(noticeOf(kinds.heartbeats, heartbeatsBody.write({ signed: [await heartbeatOf(two)] })));
    await swarm.pass(100);
    expect(seen(nodeId(two.publicKey))).toBeUndefined();
    await expect(exchange()).rejects.toMatchObject({ code: 'busy' });
    await swarm.pass(5_000);
    await exchange();
  });
});

test('[DIGEST-2] in an exchange each side hears what it lacks or has an older one of', async () => {
  const heard: string[] = [];
  raw.links.onNotify(kinds.heartbeats, (_, body) => {
    for (const signed of heartbeatsBody.read(body).signed) heard.push(nodeId(parseHeartbeat(signed).heartbeat.node));
  });
  const far = await stranger('far');
  await passOn(await heartbeatOf(far, { incarnation: 2, seq: 5 }));
  expect(heard).toEqual([]);
  const node = nodeId(far.publicKey);
  await swarm.pass(6_000);
  const told = await exchange([{ node, incarnation: 2, seq: 5 }]);
  expect(told.map((each) => each.node).sort()).toEqual([node, raw.node].sort());
  await swarm.pass(100);
  expect(heard).toEqual([]);
  await swarm.pass(6_000);
  await exchange([{ node, incarnation: 2, seq: 4 }]);
  await swarm.pass(100);
  expect(heard).toEqual([node]);
});

test('[DIGEST-2] more heartbeats than fit one message come over several exchanges', async () => {
  const signers = await Promise.all(Array.from({ length: 300 }, (_, i) => stranger(`${i}`)));
  await passOn(...(await Promise.all(signers.slice(0, 150).map((signer) => heartbeatOf(signer)))));
  await passOn(...(await Promise.all(signers.slice(150).map((signer) => heartbeatOf(signer)))));
  expect(peer.peer.snapshot().peers.length).toBe(301);
  const heard = new Set<string>();
  const sizes: number[] = [];
  raw.links.onNotify(kinds.heartbeats, (_, body) => {
    const { signed } = heartbeatsBody.read(body);
    sizes.push(signed.length);
    for (const each of signed) heard.add(nodeId(parseHeartbeat(each).heartbeat.node));
  });
  for (let round = 0; round < 20 && heard.size < 300; round++) {
    await swarm.pass(6_000);
    await exchange([...heard].map((node) => ({ node, incarnation: 1, seq: 1 })));
    await swarm.pass(100);
  }
  expect(heard.size).toBe(300);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(heartbeatsMax);
});

test('[DIGEST-2] peers that cannot be linked know of each other by those between them, within some rounds', async () => {
  const blocked = new Set<string>();
  const isBlocked = (from: string, to: string): boolean => blocked.has(from) && blocked.has(to);
  swarm = simulated('apart', { failDial: (from, to) => (isBlocked(from, to) ? 'no way' : undefined) });
  const [left, right] = await Promise.all([swarm.join(0), swarm.join(7_000_000)]);
  blocked.add(left.node).add(right.node);
  await swarm.joinMany(2, 1_000);
  expect(seen(right.node, left)).toMatchObject({ state: 'connecting', linked: false, capacity: 0 });
  await swarm.until(() => seen(right.node, left)!.state === 'live', 200_000);
  expect(seen(right.node, left)).toMatchObject({ linked: false, capacity: 7_000_000 });
  await swarm.pass(600_000);
  expect(seen(right.node, left)).toMatchObject({ state: 'live', linked: false });
});
