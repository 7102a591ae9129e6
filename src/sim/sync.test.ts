import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { bigEndian } from '../core/bytes/integers.ts';
import { decodeRecord, encodeRecord, stampOf } from '../core/record/stored.ts';
import { joinRecords, type RecordState } from '../core/record/record.ts';
import { kinds, recordPutBody, syncBody, syncOk, syncProgress } from '../core/wire/kinds.ts';
import { decodeKeys, encodeSyncDigest } from '../core/wire/sync-digest.ts';
import { receivedRecords } from '../peer/record-stream.ts';
import type { RawPeer } from './raw-peer.ts';
import { encodeSealedRecord, sealObject, signClaim } from './sealed-object.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const deadlineMs = 20_000;
const hourMs = 3_600_000;

let swarm: SimulatedSwarm;
let asked: SimulatedPeer;
let raw: RawPeer;

beforeEach(async () => {
  swarm = simulated('syncs');
  asked = await swarm.join(0);
  raw = await swarm.joinRaw();
});

/** Two states of one record, each with a claim that the other lacks. */
async function states(seed: string): Promise<[RecordState, RecordState]> {
  const nowMs = swarm.clock.now();
  const object = await sealObject(swarm.crypto, { seed, size: 100, nowMs });
  const other = await swarm.crypto.signer(new Uint8Array(32).fill(9));
  const claims = [await signClaim(raw.signer, object, { shards: [0], nowMs }), await signClaim(other, object, { shards: [1], nowMs })];
  const [one, two] = claims.map((claim) => decodeRecord(encodeSealedRecord(object.signed, [claim])));
  return [one!, two!];
}

const put = (record: RecordState) =>
  swarm.settled(
    raw.session(asked.node).call(kinds.recordPut, recordPutBody.write({ record: encodeRecord(record) }), { deadlineMs }).result,
  );

const kept = ({ recordKey }: RecordState): Uint8Array | undefined => asked.values.get('record')?.get(recordKey);

/** Syncs these states with the peer; sends it `sent` once it says what it wants. */
function sync(records: readonly RecordState[], sent: readonly Uint8Array[] = []) {
  const digest = encodeSyncDigest(records.map((record) => ({ recordKey: record.recordKey, stamp: stampOf(encodeRecord(record)) })));
  const call = raw.session(asked.node).call(kinds.sync, syncBody.write({ digest }), { deadlineMs });
  const wanted: string[][] = [];
  call.onProgress((progress) => {
    wanted.push(decodeKeys(syncProgress.read(progress).wanted));
    const send = async (): Promise<void> => {
      for (const encoded of sent) await call.send(concatBytes(bigEndian(encoded.length, 4), encoded));
      call.end();
    };
    send().catch(() => {});
  });
  const come = async (): Promise<Uint8Array[]> => {
    const all: Uint8Array[] = [];
    for await (const encoded of receivedRecords(call)) all.push(encoded);
    return all;
  };
  const all = come();
  all.catch(() => {});
  return { wanted, result: call.result.then((body) => syncOk.read(body).joined), come: all };
}

test('[SYNC-2] each of two peers comes to know what the other one knew: records it lacked, and the join of those that differ', async () => {
  const [lacked] = await states('lacked');
  const [mine, theirs] = await states('differs');
  const [same] = await states('same');
  await put(theirs);
  await put(same);
  const keys = [lacked.recordKey, mine.recordKey].sort();
  const sent = keys.map((key) => encodeRecord(key === mine.recordKey ? mine : lacked));
  const { wanted, result, come } = sync([lacked, mine, same], sent);
  expect(await swarm.settled(result)).toBe(2);
  expect(wanted.map((each) => each.toSorted())).toEqual([keys]);
  expect(await swarm.settled(come)).toEqual([encodeRecord(theirs)]);
  expect(kept(lacked)).toEqual(encodeRecord(lacked));
  expect(kept(mine)).toEqual(encodeRecord(joinRecords(mine, theirs)));
});

test('[SYNC-4] equal stamps cost the digest alone', async () => {
  const [one] = await states('equal');
  await put(one);
  const before = raw.session(asked.node).stats;
  const [sentBefore, gotBefore] = [before.sent, before.received];
  const { wanted, result, come } = sync([one]);
  expect([await swarm.settled(result), await swarm.settled(come), wanted]).toEqual([0, [], []]);
  const { sent, received } = raw.session(asked.node).stats;
  expect(sent - sentBefore).toBeLessThan(150);
  expect(received - gotBefore).toBeLessThan(150);
});

test('[SYNC-2] a record that was not asked for, or that its owner did not sign, is not kept; what came beside it is', async () => {
  const [good] = await states('good');
  const [other] = await states('other');
  const [forged] = await states('forged');
  const [foreign] = await states('foreign');
  const broken = forged.heads[0]!.signed.slice();
  broken[broken.length - 1]! ^= 1;
  // As many as were asked for are looked at.
  const { result } = sync(
    [good, forged, other],
    [encodeRecord(foreign), encodeSealedRecord(broken, []), encodeRecord(good), encodeRecord(other)],
  );
  expect(await swarm.settled(result)).toBe(1);
  expect([kept(good), kept(forged), kept(foreign), kept(other)].map((row) => row === undefined)).toEqual([false, true, true, true]);
});

test('[SYNC-1] who asks and then sends nothing has its turn for 2 minutes at most', async () => {
  const [one] = await states('never sent');
  const ask = () => {
    const digest = encodeSyncDigest([{ recordKey: one.recordKey, stamp: stampOf(encodeRecord(one)) }]);
    return raw.session(asked.node).call(kinds.sync, syncBody.write({ digest }), { deadlineMs: hourMs });
  };
  const first = ask();
  await swarm.pass(110_000);
  await expect(swarm.settled(ask().result)).rejects.toMatchObject({ code: 'busy' });
  await expect(swarm.settled(first.result)).rejects.toMatchObject({ code: 'timeout' });
  await swarm.pass(1_000);
  expect(await swarm.settled(sync([one], [encodeRecord(one)]).result)).toBe(1);
});

test('[SYNC-1] a second sync on one link at once, or in the same second, is refused as busy', async () => {
  const [one] = await states('one');
  const [two] = await states('two');
  const first = sync([one], [encodeRecord(one)]);
  await expect(swarm.settled(sync([two]).result)).rejects.toMatchObject({ code: 'busy' });
  expect(await swarm.settled(first.result)).toBe(1);
  await swarm.pass(1_000);
  expect(await swarm.settled(sync([two], [encodeRecord(two)]).result)).toBe(1);
});

test('[SYNC-3] a minute after the start and every hour all that is kept is synced, more or less by a quarter', async () => {
  const keeper = await swarm.join(0);
  await swarm.pass(5_000);
  const atMs: number[] = [];
  keeper.peer.parts.links.handle(kinds.sync, async ({ session }) => {
    if (session.node === asked.node) atMs.push(swarm.clock.now());
    return syncOk.write({ joined: 0 });
  });
  const startMs = swarm.clock.now();
  await put((await states('hourly'))[0]);
  await swarm.pass(5.5 * hourMs);
  const gaps = atMs.map((ms, i) => ms - (atMs[i - 1] ?? startMs));
  expect(gaps[0]).toBeLessThanOrEqual(90_000);
  expect(gaps.length).toBeGreaterThanOrEqual(4);
  for (const gap of gaps.slice(1)) expect(Math.abs(gap - hourMs)).toBeLessThanOrEqual(hourMs / 4 + 15_000);
});

test('[SYNC-3] and some 10 s after signaling came back, where all was not synced in the 5 minutes before', async () => {
  const keeper = await swarm.join(0);
  let count = 0;
  keeper.peer.parts.links.handle(kinds.sync, async () => (count++, syncOk.write({ joined: 0 })));
  await put((await states('rejoined'))[0]);
  await swarm.pass(400_000);
  const before = count;
  swarm.network.setSignaling(false);
  await swarm.pass(1_000);
  swarm.network.setSignaling(true);
  await swarm.pass(40_000);
  expect(count).toBe(before + 1);
});

test('[REC-13] a record that the disk made unreadable is none, and comes back by sync', async () => {
  const other = await swarm.join(0);
  const [one] = await states('rotten');
  await put(one);
  await swarm.pass(90_000);
  const row = other.values.get('record')!.get(one.recordKey)!;
  await other.peer.stop();
  other.values.get('record')!.set(one.recordKey, row.slice(0, 100));
  const again = await swarm.join(0, { again: other });
  expect(await swarm.settled(again.peer.parts.records.local(one.recordKey))).toBeUndefined();
  await swarm.pass(1_000);
  expect(again.values.get('record')!.has(one.recordKey)).toBe(false);
  await swarm.pass(1.3 * hourMs);
  expect(again.values.get('record')!.get(one.recordKey)).toEqual(row);
});

test('[REC-13] a record of a later format is none to read, and is not written over', async () => {
  const [one] = await states('later');
  const later = encodeRecord(one);
  // The map's first entry is its format.
  later[2] = 2;
  await put((await states('first'))[0]);
  asked.values.get('record')!.set(one.recordKey, later);
  expect(await swarm.settled(asked.peer.parts.records.local(one.recordKey))).toBeUndefined();
  await expect(put(one)).rejects.toMatchObject({ code: 'too-new' });
  expect(kept(one)).toEqual(later);
});

test('[SYNC-5] who knows no syncs is told record by record', async () => {
  const older = await swarm.join(0, { older: true });
  const [one] = await states('older');
  await put(one);
  await swarm.pass(90_000);
  expect(older.values.get('record')?.get(one.recordKey)).toEqual(encodeRecord(one));
});
