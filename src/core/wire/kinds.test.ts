import { describe, expect, it } from 'vitest';
import { type CborValue, encodeCbor } from '../bytes/cbor.ts';
import { equalBytes } from '../bytes/compare.ts';
import { encodeSigned } from '../object/signed.ts';
import { encodeClaimBody } from '../record/claim.ts';
import { encodeHeartbeatBody, type Heartbeat, parseHeartbeat } from './heartbeat.ts';
import {
  deleteBody,
  deleteOk,
  errorBody,
  firstNoticeKind,
  firstRequestKind,
  kinds,
  readBody,
  recordGetOk,
  recordPutBody,
  renewBody,
  renewOk,
  storeBody,
  syncBody,
  syncOk,
  syncProgress,
} from './kinds.ts';
import {
  bitmapBytesMax,
  claimBytesMax,
  claimLifetimeMs,
  heartbeatBytesMax,
  heartbeatsMax,
  recordBytesMax,
  renewalsMax,
  requestBytesMax,
  requestIdMax,
  shardBytesMax,
  shardLeavesMax,
  statementBytesMax,
  syncEntriesMax,
} from './limits.ts';
import { encodeMessage } from './message.ts';

const refused = expect.objectContaining({ code: 'bad-input' });
const most = Number.MAX_SAFE_INTEGER;

describe('kinds', () => {
  it('[KIND-1] answers, notices and requests are told apart by their number, and no number is used twice', () => {
    const numbers = Object.values(kinds);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const kind of [kinds.ok, kinds.error, kinds.progress, kinds.cancel]) expect(kind).toBeLessThan(firstNoticeKind);
    for (const kind of [kinds.heartbeat, kinds.bye, kinds.heartbeats])
      expect(kind >= firstNoticeKind && kind < firstRequestKind).toBe(true);
    for (const kind of [kinds.recordGet, kinds.recordPut, kinds.store, kinds.read, kinds.digest, kinds.sync, kinds.delete, kinds.renew])
      expect(kind).toBeGreaterThanOrEqual(firstRequestKind);
  });

  it('[KIND-2] a body has exactly its fields', () => {
    const store = { request: new Uint8Array(10), contentRoot: new Uint8Array(32), segment: 1, shard: 2, length: 3 };
    expect(storeBody.read(storeBody.write(store))).toEqual(store);
    expect(() => storeBody.read(new Map([...storeBody.write(store), [7, 1]]))).toThrow(refused);
    const without = new Map(storeBody.write(store));
    without.delete(5);
    expect(() => storeBody.read(without)).toThrow(refused);
    expect(recordGetOk.read(recordGetOk.write({}))).toEqual({});
  });

  it('[KIND-2] numbers outside their range are refused', () => {
    const read = { contentRoot: new Uint8Array(32), segment: 0, shard: 0, first: 0, count: 1 };
    for (const wrong of [{ shard: 255 }, { first: shardLeavesMax }, { count: 0 }, { count: shardLeavesMax + 1 }]) {
      expect(() => readBody.read(readBody.write({ ...read, ...wrong }))).toThrow(refused);
    }
    const store = { request: new Uint8Array(), contentRoot: new Uint8Array(32), segment: 0, shard: 0, length: shardBytesMax + 1 };
    expect(() => storeBody.read(storeBody.write(store))).toThrow(refused);
    expect(() => errorBody.read(errorBody.write({ code: 'full', detail: 'x'.repeat(1_025) }))).toThrow(refused);
  });

  it('[REC-6] a record has at most 1,048,000 bytes, and a message has room for it', () => {
    const record = (length: number) => ({ record: new Uint8Array(length) });
    const read = recordPutBody.read(recordPutBody.write(record(recordBytesMax)));
    // Not byte by byte in the words of a matcher: of a megabyte that is seconds.
    expect(equalBytes(read.record, new Uint8Array(1_048_000))).toBe(true);
    expect(() => encodeMessage({ kind: kinds.ok, id: requestIdMax, body: recordGetOk.write(record(recordBytesMax)) })).not.toThrow();
    for (const body of [recordPutBody, recordGetOk]) expect(() => body.read(body.write(record(1_048_001)))).toThrow(refused);
  });

  it('[KIND-2] a sync names at most 5,000 records, and a renew 256 objects', () => {
    const digest = (entries: number) => syncBody.write({ digest: new Uint8Array(48 * entries) });
    expect(syncBody.read(digest(syncEntriesMax)).digest).toHaveLength(240_000);
    expect(() => syncBody.read(digest(5_001))).toThrow(refused);
    expect(() => syncProgress.read(syncProgress.write({ wanted: new Uint8Array(32 * 5_001) }))).toThrow(refused);
    expect(() => syncOk.read(syncOk.write({ joined: 5_001 }))).toThrow(refused);
    const item = { request: new Uint8Array(requestBytesMax), renewal: new Uint8Array(statementBytesMax) };
    const renew = (count: number) => ({ items: Array.from({ length: count }, () => item) });
    expect(renewBody.read(renewBody.write(renew(renewalsMax)))).toEqual(renew(256));
    expect(() => encodeMessage({ kind: kinds.renew, id: requestIdMax, body: renewBody.write(renew(renewalsMax)) })).not.toThrow();
    expect(() => renewBody.read(renewBody.write(renew(257)))).toThrow(refused);
    const verdicts = { items: [{ claim: new Uint8Array(10) }, { code: 'auth' }, {}] };
    expect(renewOk.read(renewOk.write(verdicts))).toEqual(verdicts);
  });

  it('[KIND-2] a delete has a request and a tombstone, of at most 128 bytes', () => {
    const body = { request: new Uint8Array(1), tombstone: new Uint8Array(statementBytesMax) };
    expect(deleteBody.read(deleteBody.write(body))).toEqual(body);
    expect(() => deleteBody.read(deleteBody.write({ ...body, tombstone: new Uint8Array(129) }))).toThrow(refused);
    expect(deleteOk.read(deleteOk.write({ freed: 7 }))).toEqual({ freed: 7 });
  });

  it('[CLAIM-1, BEAT-1, FMT-1] the longest claim and heartbeat fit their bounds', () => {
    const key = new Uint8Array(32);
    const claim = {
      objectKey: key,
      contentRoot: key,
      holder: key,
      seq: most,
      bitmap: new Uint8Array(bitmapBytesMax),
      durability: 0,
      persisted: 0,
    };
    const body = encodeClaimBody({ ...claim, issuedMs: most - claimLifetimeMs, expiresMs: most });
    expect(encodeSigned(body, new Uint8Array(64)).length).toBeLessThanOrEqual(claimBytesMax);
    const numbers = { incarnation: most, seq: most, class: 2, capacity: most, used: most, reserved: most, headroom: most, ts: most };
    const words = { domain: 'é'.repeat(32), region: 'r'.repeat(64) };
    const heartbeat = encodeSigned(encodeHeartbeatBody({ node: key, ...numbers, ...words }), new Uint8Array(64));
    expect(heartbeat.length).toBeLessThanOrEqual(heartbeatBytesMax);
    expect(parseHeartbeat(heartbeat).heartbeat).toEqual({ node: key, ...numbers, ...words });
    expect(heartbeatsMax * (heartbeatBytesMax + 3) + 32).toBeLessThan(65_536);
    expect(() => parseHeartbeat(new Uint8Array(heartbeatBytesMax + 1))).toThrow(refused);
    const withFormat = (format: CborValue) => encodeSigned(encodeCbor(new Map([[1, format]])), new Uint8Array(64));
    expect(() => parseHeartbeat(withFormat(key))).toThrow(refused);
    expect(() => parseHeartbeat(withFormat(1))).toThrow(refused);
    expect(() => parseHeartbeat(withFormat(2))).toThrow(expect.objectContaining({ code: 'too-new' }));
  });

  it.each(['', 'x'.repeat(65), 'é'.repeat(33), 'a\u0007b', 'line\nbreak', '\u202egnikrow', '\ud800'])(
    '[BEAT-6] %j is no name of a domain or region',
    (word) => {
      const numbers = { incarnation: 1, seq: 1, class: 2, capacity: 1, used: 0, reserved: 0, headroom: 0, ts: 1 };
      const heartbeat: Heartbeat = { node: new Uint8Array(32), ...numbers };
      for (const words of [{ domain: word }, { region: word }])
        expect(() => encodeHeartbeatBody({ ...heartbeat, ...words })).toThrow(refused);
      expect(() => encodeHeartbeatBody({ ...heartbeat, domain: 'Zürich, rack 4', region: 'eu-central' })).not.toThrow();
    },
  );
});
