import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { parseHeartbeat } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds } from '../core/wire/kinds.ts';
import { noticeOf } from '../core/wire/message.ts';
import type { RawPeer } from './raw-peer.ts';
import { sealObject } from './sealed-object.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

let swarm: SimulatedSwarm;
let peer: SimulatedPeer;
let raw: RawPeer;

beforeEach(async () => {
  swarm = simulated('membership');
  [peer] = (await swarm.joinMany(1, 1_000_000)) as [SimulatedPeer];
  raw = await swarm.joinRaw();
});

const seen = (node = raw.node) => peer.peer.snapshot().peers.find((each) => each.node === node);
const beat = async (stated: Parameters<RawPeer['beat']>[0] = {}): Promise<void> => {
  await raw.beat(stated);
  await swarm.pass(100);
};

/** The heartbeats that reach the raw peer from here on. */
function hear() {
  const heard: { readonly ms: number; readonly used: number; readonly seq: number; readonly capacity: number }[] = [];
  raw.links.onNotify(kinds.heartbeat, (_, body) => {
    const { used, seq, capacity } = parseHeartbeat(heartbeatBody.read(body).signed).heartbeat;
    heard.push({ ms: swarm.clock.now(), used, seq, capacity });
  });
  return heard;
}

test('[MEM-1] a linked peer is live; silent for 75 s suspect, for 150 s away; a heartbeat makes it live again', async () => {
  await beat();
  expect(seen()).toMatchObject({ state: 'live', capacity: 100_000_000 });
  await swarm.pass(74_000);
  expect(seen()!.state).toBe('live');
  await swarm.pass(7_000);
  expect(seen()!.state).toBe('suspect');
  await swarm.pass(68_000);
  expect(seen()!.state).toBe('suspect');
  await swarm.pass(7_000);
  expect(seen()!.state).toBe('away');
  await beat();
  expect(seen()!.state).toBe('live');
});

test('[MEM-2] a lost link makes a peer suspect at once, its bye away at once', async () => {
  await beat();
  swarm.network.cut(raw.node, peer.node);
  await swarm.pass(0);
  expect(seen()!.state).toBe('suspect');
  await swarm.pass(70_000);
  expect(seen()!.state).toBe('live');
  await raw.links.stop();
  await swarm.pass(100);
  expect(seen()!.state).toBe('away');
});

test('[BEAT-2] a heartbeat counts only when it is signed, of the peer on that link, and newer than the last', async () => {
  await beat({ capacity: 1_000, incarnation: 5, seq: 10 });
  expect(seen()!.capacity).toBe(1_000);
  await beat({ capacity: 2_000, incarnation: 5, seq: 10 });
  await beat({ capacity: 3_000, incarnation: 5, seq: 9 });
  await beat({ capacity: 4_000, incarnation: 4, seq: 99 });
  expect(seen()!.capacity).toBe(1_000);
  const stranger = await swarm.joinRaw();
  await beat({ capacity: 5_000, incarnation: 6, seq: 1, node: stranger.signer.publicKey });
  expect([seen()!.capacity, seen(stranger.node)!.capacity]).toEqual([1_000, 0]);
  const forged = new Uint8Array(100);
  raw.session(peer.node).notify(noticeOf(kinds.heartbeat, heartbeatBody.write({ signed: forged })));
  await beat({ capacity: 6_000, incarnation: 6, seq: 1 });
  expect(seen()).toMatchObject({ capacity: 6_000, state: 'live', verdicts: [] });
});

test('[BEAT-2] a true heartbeat of another peer says nothing about the one that passes it on', async () => {
  let passedOn: Uint8Array | undefined;
  raw.links.onNotify(kinds.heartbeat, (session, body) => {
    if (session.node !== peer.node) passedOn = heartbeatBody.read(body).signed;
  });
  await swarm.joinMany(1, 777_000);
  await beat({ capacity: 1_000 });
  raw.session(peer.node).notify(noticeOf(kinds.heartbeat, heartbeatBody.write({ signed: passedOn! })));
  await swarm.pass(100);
  expect(seen()!.capacity).toBe(1_000);
});

test('[BEAT-3] a peer says what it lends when a link opens, and every 30 s', async () => {
  const heard = hear();
  swarm.network.cut(raw.node, peer.node);
  await swarm.until(() => heard.length === 1);
  expect(heard[0]).toMatchObject({ capacity: 1_000_000, used: 0 });
  await swarm.pass(91_000);
  expect(heard.length).toBe(4);
  const gaps = heard.slice(2).map(({ ms }, i) => ms - heard[i + 1]!.ms);
  for (const gap of gaps) expect(Math.abs(gap - 30_000)).toBeLessThan(50);
  expect(heard.every(({ seq }, i) => i === 0 || seq > heard[i - 1]!.seq)).toBe(true);
});

test('[BEAT-3] while data moves on any link it says so every 5 s', async () => {
  const heard = hear();
  const other = await swarm.joinRaw();
  const object = await sealObject(swarm.crypto, { seed: 'moving', size: 8_000_000, nowMs: swarm.clock.now() });
  await peer.peer.contribute(20_000_000);
  await swarm.pass(40_000);
  heard.length = 0;
  const call = await other.store(peer.node, object);
  const [shard] = object.shards as [Uint8Array];
  for (let offset = 0; offset < 4_000_000; offset += 100_000) {
    call.send(shard.subarray(offset, offset + 100_000)).catch(() => {});
    await swarm.pass(1_000);
  }
  const gaps = heard.slice(1).map(({ ms }, i) => ms - heard[i]!.ms);
  expect(gaps.length).toBeGreaterThanOrEqual(7);
  for (const gap of gaps.slice(1)) expect(Math.abs(gap - 5_000)).toBeLessThan(600);
  call.cancel();
  await swarm.pass(20_000);
  heard.length = 0;
  await swarm.pass(60_000);
  expect(heard.length).toBe(2);
});

test('[BEAT-4] a change of what is lent is told within half a second, and a run of changes does not put that off', async () => {
  const heard = hear();
  const began = swarm.clock.now();
  for (let i = 1; i <= 20; i++) {
    await peer.peer.contribute(1_000_000 + i);
    await swarm.pass(100);
  }
  expect(heard[0]!.ms - began).toBeLessThan(600);
  expect(heard.length).toBeGreaterThanOrEqual(3);
  expect(heard.length).toBeLessThanOrEqual(5);
  await swarm.pass(600);
  expect(heard.at(-1)!.capacity).toBe(1_000_020);
});

test('[BEAT-4] so is what a store has used', async () => {
  const heard = hear();
  const object = await sealObject(swarm.crypto, { seed: 'used', nowMs: swarm.clock.now() });
  const call = await raw.store(peer.node, object);
  call.send(object.shards[0]!).catch(() => {});
  call.end();
  await swarm.settled(call.result);
  await swarm.pass(700);
  expect(heard.map(({ used }) => used)).toEqual([object.shards[0]!.length]);
});

test('[BEAT-5] a stopped peer says nothing more, whatever is asked of it', async () => {
  const heard = hear();
  await peer.peer.stop();
  await peer.peer.contribute(5);
  await swarm.pass(100_000);
  expect(heard).toEqual([]);
  // Nothing at all is left to happen: no timer goes on.
  expect(await swarm.clock.runUntil(() => false, Number.MAX_SAFE_INTEGER)).toBe(false);
});

test('[MEM-3] a peer that was introduced and left before a link came up is forgotten', async () => {
  swarm = simulated('unmet', { failDial: () => 'no way through' });
  const [one, two] = (await swarm.joinMany(2, 0)) as [SimulatedPeer, SimulatedPeer];
  expect(one.peer.snapshot().peers).toMatchObject([{ node: two.node, state: 'connecting' }]);
  await two.peer.stop();
  await swarm.pass(1_000);
  expect(one.peer.snapshot().peers).toEqual([]);
});
