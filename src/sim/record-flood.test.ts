import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { bigEndian } from '../core/bytes/integers.ts';
import { closest } from '../core/placement/keepers.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { toHex } from '../core/bytes/text.ts';
import { decodeRecord, encodeStored, stampOf } from '../core/record/stored.ts';
import { deleteBody, kinds, recordPutBody, syncBody, syncOk, syncProgress } from '../core/wire/kinds.ts';
import { decodeKeys, encodeSyncDigest } from '../core/wire/sync-digest.ts';
import type { Call } from '../peer/links/exchange.ts';
import type { Policy } from '../peer/policy.ts';
import type { Signer } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import type { RawPeer } from './raw-peer.ts';
import { encodeSealedRecord, sealObject, signClaim } from './sealed-object.ts';
import { signTombstone } from './statements.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const deadlineMs = 600_000;
const hourMs = 3_600_000;

interface Brought {
  readonly recordKey: string;
  readonly encoded: Uint8Array;
  readonly owner: Signer;
}

/** `count` tombstones of objects that there never were: a key and a signature each. */
async function madeUp(swarm: SimulatedSwarm, seed: string, count: number): Promise<Brought[]> {
  const random = seededRandom(seed);
  const all: Brought[] = [];
  for (let i = 0; i < count; i++) {
    const owner = await swarm.crypto.signer(random.bytes(32));
    const encoded = encodeStored({ heads: [], renewal: undefined, tombstone: await signTombstone(owner) });
    all.push({ recordKey: toHex(recordKeyOf(owner.publicKey)), encoded, owner });
  }
  return all;
}

/** `count` records of objects of which the raw peer claims a shard. */
async function claimedBy(swarm: SimulatedSwarm, raw: RawPeer, seed: string, count: number): Promise<Brought[]> {
  const nowMs = swarm.clock.now();
  const all: Brought[] = [];
  for (let i = 0; i < count; i++) {
    const object = await sealObject(swarm.crypto, { seed: `${seed} ${i}`, size: 100, nowMs });
    const claim = await signClaim(raw.signer, object, { shards: [0], nowMs });
    const recordKey = toHex(recordKeyOf(object.descriptor.objectKey));
    all.push({ recordKey, encoded: encodeSealedRecord(object.signed, [claim]), owner: object.owner });
  }
  return all;
}

type Answer = Promise<string>;

/** What a call was answered: `ok`, or the code of a refusal. */
const answerTo = ({ result }: Call): Answer =>
  result.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );

const putAt = (raw: RawPeer, { node }: SimulatedPeer, all: readonly Brought[]): Answer[] =>
  all.map(({ encoded: record }) => answerTo(raw.session(node).call(kinds.recordPut, recordPutBody.write({ record }), { deadlineMs })));

/** Puts these at the keeper; gives what each was answered. */
async function putAll(swarm: SimulatedSwarm, raw: RawPeer, keeper: SimulatedPeer, all: readonly Brought[]): Promise<string[]> {
  const answers: string[] = [];
  // No more at once than a link takes.
  for (let from = 0; from < all.length; from += 50)
    answers.push(...(await swarm.settled(Promise.all(putAt(raw, keeper, all.slice(from, from + 50))))));
  return answers;
}

const keptBy = ({ values }: SimulatedPeer): readonly string[] => [...(values.get('record')?.keys() ?? [])];

async function keeperAnd(seed: string, policy: Partial<Policy> = {}) {
  const swarm = simulated(seed);
  const keeper = await swarm.join(1_000_000, { options: { policy } });
  const raw = await swarm.joinRaw();
  return { swarm, keeper, raw };
}

test('[REC-11] of records new to a peer one other peer brings 200 at once and 20 a second, by put and delete together', async () => {
  const { swarm, keeper, raw } = await keeperAnd('rate');
  const all = await madeUp(swarm, 'made up', 240);
  const taken = (answers: readonly string[]): number => answers.filter((answer) => answer === 'ok').length;
  const removal = async (by: RawPeer, { owner }: Brought): Answer => {
    const covered = deleteBody.write({ request: new Uint8Array(), tombstone: await signTombstone(owner) });
    const body = await by.signed(keeper.node, owner, kinds.delete, covered);
    return answerTo(by.session(keeper.node).call(kinds.delete, body, { deadlineMs }));
  };
  const other = await swarm.joinRaw();
  expect(taken(await putAll(swarm, raw, keeper, all.slice(0, 190)))).toBe(190);
  // Those puts took some time themselves.
  const answers = await swarm.settled(Promise.all([...putAt(raw, keeper, all.slice(190, 239)), removal(raw, all[239]!)]));
  expect(taken(answers)).toBeLessThan(30);
  expect(answers.slice(-2)).toEqual(['busy', 'busy']);
  // What is kept already costs nothing, and another peer has its own budget.
  expect(taken(await putAll(swarm, raw, keeper, all.slice(0, 50)))).toBe(50);
  expect(await swarm.settled(removal(other, all[239]!))).toBe('ok');
  await swarm.pass(1_000);
  expect(taken(await putAll(swarm, raw, keeper, await madeUp(swarm, 'later', 50)))).toBeGreaterThanOrEqual(20);
});

/** Syncs all of these with the keeper; gives how many it joined. */
async function syncAll(raw: RawPeer, { node }: SimulatedPeer, all: readonly Brought[]): Promise<number> {
  const digest = encodeSyncDigest(all.map(({ recordKey, encoded }) => ({ recordKey, stamp: stampOf(encoded) })));
  const call = raw.session(node).call(kinds.sync, syncBody.write({ digest }), { deadlineMs });
  const send = async (wanted: readonly string[]): Promise<void> => {
    for (const recordKey of wanted) {
      const { encoded } = all.find((each) => each.recordKey === recordKey)!;
      await call.send(concatBytes(bigEndian(encoded.length, 4), encoded));
    }
    call.end();
  };
  call.onProgress((progress) => void send(decodeKeys(syncProgress.read(progress).wanted)).catch(() => {}));
  return syncOk.read(await call.result).joined;
}

test('[REC-11] a sync brings new records no faster, brings them all, and leaves room for puts', async () => {
  const { swarm, keeper, raw } = await keeperAnd('slow sync');
  const synced = syncAll(raw, keeper, await madeUp(swarm, 'synced', 300));
  await swarm.pass(2_000);
  expect(keptBy(keeper).length).toBeGreaterThanOrEqual(190);
  expect(keptBy(keeper).length).toBeLessThanOrEqual(200);
  expect(await putAll(swarm, raw, keeper, await madeUp(swarm, 'put', 30))).toEqual(Array.from({ length: 30 }, () => 'ok'));
  expect(await swarm.settled(synced)).toBe(300);
});

test('[REC-11] two peers bring the same records as fast as both may: what one brought the other does not pay for', async () => {
  const { swarm, keeper, raw } = await keeperAnd('both of them');
  const raws = [raw, await swarm.joinRaw()];
  const all = await madeUp(swarm, 'by both', 340);
  // One alone would have brought 180 in that time, and all in 9 s.
  expect(await swarm.settled(Promise.all(raws.map((each) => syncAll(each, keeper, all))), 3_000)).toEqual([340, 340]);
  expect(keptBy(keeper)).toHaveLength(340);
});

test('[REC-11] what a keeper had no room for comes to it by a sync within the minute', async () => {
  const { swarm, keeper } = await keeperAnd('put off');
  const owner = await swarm.join(0);
  await swarm.pass(180_000);
  const { records } = owner.peer.parts;
  const all = (await madeUp(swarm, 'announced', 260)).map(({ encoded }) => decodeRecord(encoded));
  for (let from = 0; from < all.length; from += 50) {
    const some = all.slice(from, from + 50).map(async (record) => records.announce(await records.merge(record)));
    await swarm.settled(Promise.all(some));
  }
  expect(keptBy(keeper).length).toBeLessThan(260);
  await swarm.pass(60_000);
  expect(keptBy(keeper)).toHaveLength(260);
});

test('[REC-10] when there are too many, records that nobody claims go before those that somebody does, deleted or not', async () => {
  const { swarm, keeper, raw } = await keeperAnd('too many', { recordsMax: 60 });
  const claimed = await claimedBy(swarm, raw, 'claimed', 20);
  await putAll(swarm, raw, keeper, claimed);
  const deleted: Brought[] = [];
  for (const each of claimed.slice(0, 5)) {
    deleted.push({ ...each, encoded: encodeStored({ heads: [], renewal: undefined, tombstone: await signTombstone(each.owner) }) });
  }
  await putAll(swarm, raw, keeper, deleted);

  // Some of the made-up keys are nearer to the keeper than any of the others.
  for (let round = 0; round < 3; round++) {
    await putAll(swarm, raw, keeper, await madeUp(swarm, `flood ${round}`, 60));
    await swarm.pass(5_000);
  }
  const kept = new Set(keptBy(keeper));
  expect(kept.size).toBeLessThanOrEqual(60);
  expect(claimed.filter(({ recordKey }) => !kept.has(recordKey))).toEqual([]);
  // Nor do notes stay of what was forgotten.
  expect(keeper.values.get('tombstone')!.size).toBeLessThanOrEqual(60);
});

test('[REC-10] the record of what is held here stays, however many come that are nearer, and counts for none of them', async () => {
  const { swarm, keeper, raw } = await keeperAnd('held', { recordsMax: 5 });
  const nowMs = swarm.clock.now();
  const object = await sealObject(swarm.crypto, { seed: 'held here', size: 100, nowMs });
  // Its record was kept before anything of it was held.
  const encoded = encodeSealedRecord(object.signed, [await signClaim(raw.signer, object, { shards: [1], nowMs })]);
  await putAll(swarm, raw, keeper, [{ recordKey: '', encoded, owner: object.owner }]);
  const others = await claimedBy(swarm, raw, 'nearer', 40);
  await putAll(swarm, raw, keeper, others.slice(0, 4));
  const call = await raw.store(keeper.node, object);
  call.send(object.shards[0]!).catch(() => {});
  call.end();
  await swarm.settled(call.result);
  const recordKey = toHex(recordKeyOf(object.descriptor.objectKey));
  await putAll(swarm, raw, keeper, others.slice(4, 5));
  await swarm.pass(1_000);
  expect(keptBy(keeper)).toHaveLength(6);
  await putAll(swarm, raw, keeper, others.slice(5));
  await swarm.pass(1_000);
  const nearest = closest(keeper.node, keptBy(keeper).toSorted(), Infinity);
  expect(nearest.length).toBeLessThanOrEqual(6);
  expect(nearest.at(-1)).toBe(recordKey);
});

test('[REC-12] a tombstone is forgotten after its time, also over a restart, and nobody brings it back', async () => {
  const policy = { tombstoneMs: 5 * hourMs };
  const { swarm, keeper, raw } = await keeperAnd('forgotten', policy);
  const [one] = await madeUp(swarm, 'old', 1);
  await putAll(swarm, raw, keeper, [one!]);
  await swarm.pass(2 * hourMs);
  await keeper.peer.stop();
  const again = await swarm.join(1_000_000, { again: keeper, options: { policy } });
  await swarm.pass(2.5 * hourMs);
  expect(keptBy(again)).toEqual([one!.recordKey]);
  await swarm.pass(2 * hourMs);
  expect(keptBy(again)).toEqual([]);
  await putAll(swarm, raw, again, [one!]);
  await swarm.pass(1_000);
  expect(keptBy(again)).toEqual([]);
});
