import { describe, expect, it } from 'vitest';
import { encodeCbor } from '../bytes/cbor.ts';
import { encodeSigned } from '../object/signed.ts';
import { encodeClaimBody } from '../record/claim.ts';
import { encodeHeartbeatBody, type Heartbeat, parseHeartbeat } from './heartbeat.ts';
import { errorBody, firstNoticeKind, firstRequestKind, kinds, readBody, recordGetOk, recordPutBody, storeBody } from './kinds.ts';
import {
  bitmapBytesMax,
  claimBytesMax,
  claimLifetimeMs,
  claimsMax,
  heartbeatBytesMax,
  heartbeatsMax,
  shardBytesMax,
  shardLeavesMax,
} from './limits.ts';

const refused = expect.objectContaining({ code: 'bad-input' });
const most = Number.MAX_SAFE_INTEGER;

describe('kinds', () => {
  it('[KIND-1] answers, notices and requests are told apart by their number, and no number is used twice', () => {
    const numbers = Object.values(kinds);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const kind of [kinds.ok, kinds.error, kinds.progress, kinds.cancel]) expect(kind).toBeLessThan(firstNoticeKind);
    for (const kind of [kinds.heartbeat, kinds.bye, kinds.heartbeats])
      expect(kind >= firstNoticeKind && kind < firstRequestKind).toBe(true);
    for (const kind of [kinds.recordGet, kinds.recordPut, kinds.store, kinds.read, kinds.digest])
      expect(kind).toBeGreaterThanOrEqual(firstRequestKind);
  });

  it('[KIND-2] a body has exactly its fields', () => {
    const store = { request: new Uint8Array(10), contentRoot: new Uint8Array(32), segment: 1, shard: 2, length: 3 };
    expect(storeBody.read(storeBody.write(store))).toEqual(store);
    expect(() => storeBody.read(new Map([...storeBody.write(store), [7, 1]]))).toThrow(refused);
    const without = new Map(storeBody.write(store));
    without.delete(5);
    expect(() => storeBody.read(without)).toThrow(refused);
    expect(recordGetOk.read(recordGetOk.write({ claims: [] }))).toEqual({ claims: [] });
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

  it('[REC-6] a record message has at most 1,020 claims', () => {
    const claims = (count: number) => ({ descriptor: new Uint8Array(1), claims: Array.from({ length: count }, () => new Uint8Array(1)) });
    expect(recordPutBody.read(recordPutBody.write(claims(claimsMax)))).toEqual(claims(1_020));
    for (const body of [recordPutBody, recordGetOk]) expect(() => body.read(body.write(claims(1_021)))).toThrow(refused);
  });

  it('[CLAIM-1, BEAT-1] the longest claim and heartbeat fit their bounds', () => {
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
    expect(() => parseHeartbeat(encodeSigned(encodeCbor(new Map([[1, key]])), new Uint8Array(64)))).toThrow(refused);
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
