import { expect, test } from 'vitest';
import { isLong } from '../../test/long.ts';
import { simulated } from '../../test/simulated.ts';
import { nodeId } from '../core/crypto/keys.ts';
import { keepersOf, keeperView } from '../core/placement/keepers.ts';
import { type RecordState, recordOf, sameRecord } from '../core/record/record.ts';
import { decodeRecord } from '../core/record/stored.ts';
import { emptyBody, kinds } from '../core/wire/kinds.ts';
import type { LinkMeter } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import { sealObject } from './sealed-object.ts';
import type { JoinOptions, SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** Until everyone is eligible who was there. */
const eligibleMs = 12 * minuteMs;

/** `count` new peers, each linked to all others. */
async function joined(swarm: SimulatedSwarm, count: number, as: JoinOptions = {}): Promise<SimulatedPeer[]> {
  const peers: SimulatedPeer[] = [];
  for (let i = 0; i < count; i++) peers.push(await swarm.join(0, as));
  await swarm.pass(5_000);
  return peers;
}

/** A new record at its keepers, put there by `writer`. */
async function write(swarm: SimulatedSwarm, writer: SimulatedPeer, seed: string): Promise<RecordState> {
  const { descriptor, signed } = await sealObject(swarm.crypto, { seed, size: 100, nowMs: swarm.clock.now() });
  const record = recordOf(signed, descriptor, []);
  expect(await swarm.settled(writer.peer.parts.records.announce(record))).toBeGreaterThan(0);
  return record;
}

const keptBy = ({ values }: SimulatedPeer, { recordKey }: RecordState): RecordState | undefined => {
  const row = values.get('record')?.get(recordKey);
  return row === undefined ? undefined : decodeRecord(row);
};

/** The peers of these that keep the record. */
const keeping = (peers: readonly SimulatedPeer[], record: RecordState): SimulatedPeer[] =>
  peers.filter((peer) => keptBy(peer, record) !== undefined);

/** Its keepers, by the whole truth of who is there. */
function trueKeepers(peers: readonly SimulatedPeer[], { recordKey }: RecordState): SimulatedPeer[] {
  const nodes = keepersOf(keeperView(peers.map(({ node }) => ({ node, upMs: 0 }))), recordKey);
  return nodes.map((node) => peers.find((peer) => peer.node === node)!);
}

/** Whether `reader` finds the record. */
async function finds(reader: SimulatedPeer, { objectKey }: RecordState): Promise<boolean> {
  let found = false;
  await reader.peer.parts.records.lookUp(objectKey, () => (found = true));
  return found;
}

test('[KEEP-2] a record is kept by the 8 nearest peers that are eligible, and by nobody else', async () => {
  const swarm = simulated('nearest');
  const eligible = await joined(swarm, 12);
  await swarm.pass(eligibleMs);
  const visitors = await joined(swarm, 4);
  for (let i = 0; i < 6; i++) {
    const record = await write(swarm, visitors[0]!, `near ${i}`);
    expect(
      keeping([...eligible, ...visitors], record)
        .map(({ node }) => node)
        .sort(),
    ).toEqual(
      trueKeepers(eligible, record)
        .map(({ node }) => node)
        .sort(),
    );
  }
});

test('[KEEP-1] what a peer says of its class and up-time makes it no keeper: that it is up was seen for ten minutes', async () => {
  const swarm = simulated('says so');
  const eligible = await joined(swarm, 10);
  await swarm.pass(eligibleMs);
  const raw = await swarm.joinRaw();
  let puts = 0;
  raw.links.handle(kinds.recordPut, async () => (puts++, emptyBody.write({})));
  const near = async (seed: string): Promise<void> => {
    // Records of which it would be keeper.
    for (let i = 0, found = 0; found < 3; i++) {
      const { descriptor, signed } = await sealObject(swarm.crypto, { seed: `${seed} ${i}`, size: 100, nowMs: swarm.clock.now() });
      const record = recordOf(signed, descriptor, []);
      const all = [...eligible, raw].map(({ node }) => ({ node, upMs: 0 }));
      if (!keepersOf(keeperView(all), record.recordKey).includes(raw.node)) continue;
      found++;
      await swarm.settled(eligible[0]!.peer.parts.records.announce(record));
    }
  };
  // Up since 1970, it says, and always on.
  await raw.beat({ incarnation: 1, class: 2 });
  await swarm.pass(1_000);
  await near('at once');
  expect(puts).toBe(0);
  for (let i = 0; i < 24; i++) {
    await raw.beat({ incarnation: 1, class: 2 });
    await swarm.pass(30_000);
  }
  puts = 0;
  await near('later');
  expect(puts).toBe(3);
});

test('[KEEP-3] where there are fewer than 8 peers everyone keeps everything, also who comes later', async () => {
  const swarm = simulated('few');
  const peers = await joined(swarm, 4);
  const records = [await write(swarm, peers[0]!, 'a'), await write(swarm, peers[1]!, 'b')];
  peers.push(await swarm.join(0));
  await swarm.pass(90_000);
  await peers[1]!.peer.stop();
  await swarm.pass(30_000);
  for (const record of records) expect(keeping(peers, record)).toHaveLength(5);
});

test('[SYNC-3] all 8 keepers leave one by one, and the record is at the 8 that are next', async () => {
  const swarm = simulated('one by one');
  const peers = await joined(swarm, 20);
  const record = await write(swarm, peers[0]!, 'handed on');
  const first = trueKeepers(peers, record);
  for (const keeper of first) {
    await keeper.peer.stop();
    await swarm.pass(30_000);
  }
  const left = peers.filter((peer) => !first.includes(peer));
  for (const keeper of trueKeepers(left, record)) expect(keptBy(keeper, record)).toBeDefined();
  expect(await swarm.settled(finds(left.find((peer) => keptBy(peer, record) === undefined)!, record))).toBe(true);
});

test('[SYNC-3] without a word too: who is nearest tells the new keeper within minutes', async () => {
  const swarm = simulated('silently');
  const peers = await joined(swarm, 14);
  const record = await write(swarm, peers[0]!, 'silent');
  const [nearest] = trueKeepers(peers, record);
  nearest!.kill();
  await swarm.pass(4 * minuteMs);
  const left = peers.filter((peer) => peer !== nearest);
  expect(trueKeepers(left, record).every((keeper) => keptBy(keeper, record) !== undefined)).toBe(true);
});

test('[REC-10] a keeper that is none any more forgets the record once all 8 have it', async () => {
  const swarm = simulated('handed over');
  const peers = await joined(swarm, 9);
  const owner = await swarm.join(0);
  await swarm.pass(3_000);
  const record = await write(swarm, owner, 'passed on');
  const before = trueKeepers(peers, record);
  while (trueKeepers(peers, record).every((keeper) => before.includes(keeper))) peers.push(await swarm.join(0));
  peers.push(owner);
  const [former] = before.filter((keeper) => !trueKeepers(peers, record).includes(keeper));
  expect(keptBy(former!, record)).toBeDefined();
  await swarm.pass(1.5 * hourMs);
  expect(
    keeping(peers, record)
      .map(({ node }) => node)
      .sort(),
  ).toEqual(
    trueKeepers(peers, record)
      .map(({ node }) => node)
      .sort(),
  );
});

test('[SYNC-6] a read heals: keepers that were wiped have the record again a moment after', async () => {
  const swarm = simulated('wiped');
  // Long before anybody sees that there is a new keeper to be told.
  const slow = { options: { policy: { gatherMs: 60_000 } } };
  const peers = await joined(swarm, 12, slow);
  const record = await write(swarm, peers[0]!, 'lost here');
  const [wiped] = trueKeepers(peers, record);
  await wiped!.peer.stop();
  wiped!.values.clear();
  peers[peers.indexOf(wiped!)] = await swarm.join(0, { ...slow, again: wiped! });
  await swarm.pass(5_000);
  expect(keptBy(wiped!, record)).toBeUndefined();
  const reader = peers.find((peer) => keptBy(peer, record) === undefined && peer.node !== wiped!.node)!;
  expect(await swarm.settled(finds(reader, record))).toBe(true);
  await swarm.pass(1_000);
  expect(keptBy(wiped!, record)).toBeDefined();
});

test('[SYNC-2] after a partition all keepers have the join of both sides', async () => {
  const swarm = simulated('parted');
  const peers = await joined(swarm, 10);
  const record = await write(swarm, peers[0]!, 'both');
  const [one, other] = trueKeepers(peers, record);
  const { descriptor, signed } = record.heads[0]!;
  const claim = async ({ peer }: SimulatedPeer): Promise<void> => {
    const own = await peer.parts.claims.claim(descriptor, signed);
    expect(own.length).toBeGreaterThan(0);
  };
  await swarm.settled(Promise.all([claim(one!), claim(other!)]));
  await swarm.pass(2.6 * hourMs);
  const states = trueKeepers(peers, record).map((keeper) => keptBy(keeper, record)!);
  expect(states[0]!.heads[0]!.claims.size).toBe(2);
  expect(states.every((state) => sameRecord(state, states[0]!))).toBe(true);
});

test('[REC-3] keepers to whom no link can be made hold up a write for 3 s, and the others have it', async () => {
  const blocked = new Set<string>();
  let writer = '';
  const swarm = simulated('unreached', {
    intercept: (from, to, data) => ([from, to].includes(writer) && (blocked.has(from) || blocked.has(to)) ? undefined : data),
  });
  const peers = await joined(swarm, 12);
  for (const { node } of peers.slice(0, 5)) blocked.add(node);
  const owner = await swarm.join(0, { around: (ports) => ((writer = nodeId(ports.identity.node.publicKey)), ports) });
  // Until it has heard of those it cannot reach.
  await swarm.pass(2 * minuteMs);
  const begunMs = swarm.clock.now();
  const record = await write(swarm, owner, 'some are far');
  const keepers = trueKeepers([...peers, owner], record).filter((keeper) => keeper !== owner);
  expect(keepers.some(({ node }) => blocked.has(node))).toBe(true);
  expect(swarm.clock.now() - begunMs).toBeGreaterThan(2_900);
  expect(swarm.clock.now() - begunMs).toBeLessThan(3_500);
  expect(keepers.filter(({ node }) => !blocked.has(node)).every((keeper) => keptBy(keeper, record) !== undefined)).toBe(true);
});

test('[SYNC-7] the record of a write costs at most 4 messages for each keeper', async () => {
  const swarm = simulated('written');
  let messages = 0;
  const meter: LinkMeter = {
    carried() {},
    request(kind, side) {
      // Each has an answer, and a sync its progress besides.
      if (side === 'asked') messages += kind === kinds.recordGet || kind === kinds.recordPut ? 2 : kind === kinds.sync ? 3 : 0;
    },
  };
  const metered = { options: { meter } };
  for (let i = 0; i < 20; i++) await swarm.join(100_000_000, metered);
  const owner = await swarm.join(0, { options: { meter } });
  await swarm.pass(90_000);
  messages = 0;
  owner.peer.drop(memoryFile('counted.bin', seededRandom('counted').bytes(300_000)));
  await swarm.until(() => owner.peer.snapshot().files[0]?.state === 'stored');
  await swarm.pass(80_000);
  expect(messages).toBeGreaterThanOrEqual(16);
  expect(messages).toBeLessThanOrEqual(32);
});

const lookUps = isLong ? 30_000 : 1_000;
test(`[KEEP-2, REC-4] ${lookUps} look-ups while peers come and go: none misses`, { timeout: isLong ? 900_000 : 30_000 }, async () => {
  const swarm = simulated('churning');
  const random = seededRandom('who');
  const pick = <T>(from: readonly T[]): T => from[(random.bytes(1)[0]! * from.length) >> 8]!;
  const peers = await joined(swarm, 24);
  const records: RecordState[] = [];
  for (let i = 0; i < 20; i++) records.push(await write(swarm, pick(peers), `churned ${i}`));

  let reads = 0;
  let misses = 0;
  for (let round = 0; reads < lookUps; round++) {
    // One goes each half minute, every other one without a word, and another one comes.
    const [gone] = peers.splice(random.bytes(1)[0]! % peers.length, 1);
    if (round % 2 === 0) await gone!.peer.stop();
    else gone!.kill();
    const some = Array.from({ length: 200 }, async () => {
      reads++;
      if (!(await finds(pick(peers), pick(records)))) misses++;
    });
    await swarm.settled(Promise.all(some));
    peers.push(await swarm.join(0));
    await swarm.pass(30_000);
  }
  expect({ reads, misses }).toEqual({ reads: lookUps, misses: 0 });
});
