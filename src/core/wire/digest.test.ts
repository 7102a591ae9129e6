import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { decodeDigest, digestEntryBytes, encodeDigest, isNewer, type KnownHeartbeat, lackedBy } from './digest.ts';
import { digestBody, heartbeatsBody, kinds } from './kinds.ts';
import { digestBytesMax, digestPeersMax, heartbeatBytesMax, heartbeatsMax } from './limits.ts';
import { encodeMessage } from './message.ts';

const refused = expect.objectContaining({ code: 'bad-input' });
const node = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);
const number = fc.oneof(fc.nat(3), fc.constant(Number.MAX_SAFE_INTEGER));
const known: fc.Arbitrary<KnownHeartbeat> = fc.record({ node, incarnation: number, seq: number });
const digest = fc.uniqueArray(known, { selector: ({ node: id }) => id, maxLength: 30 });
const byNode = (all: readonly KnownHeartbeat[]): KnownHeartbeat[] => all.toSorted((a, b) => (a.node < b.node ? -1 : 1));
const count = (length: number): KnownHeartbeat[] =>
  Array.from({ length }, (_, i) => ({ node: i.toString(16).padStart(64, '0'), incarnation: i, seq: i }));

describe('digests', () => {
  it('[DIGEST-1] what is written is read, by rising NodeId', () => {
    fc.assert(
      fc.property(digest, (all) => {
        expect(decodeDigest(encodeDigest(all))).toEqual(byNode(all));
      }),
    );
    const one = { node: 'ab'.repeat(32), incarnation: 0x0102, seq: 3 };
    expect(toHex(encodeDigest([one]))).toBe(`${'ab'.repeat(32)}00000000000001020000000000000003`);
  });

  it('[DIGEST-1] other lengths, orders and numbers are refused', () => {
    const [a, b] = [encodeDigest(count(1)), encodeDigest([{ node: 'ff'.repeat(32), incarnation: 1, seq: 1 }])];
    const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
    expect(decodeDigest(joined(a, b))).toHaveLength(2);
    for (const wrong of [joined(b, a), joined(a, a), a.subarray(1), joined(a, Uint8Array.of(0))])
      expect(() => decodeDigest(wrong)).toThrow(refused);
    for (const offset of [32, 40]) {
      const large = a.slice();
      large.set([0, 32, 0, 0, 0, 0, 0, 1], offset);
      expect(() => decodeDigest(large)).toThrow(refused);
    }
    expect(() => decodeDigest(new Uint8Array(digestBytesMax + digestEntryBytes))).toThrow(refused);
  });

  it('[DIGEST-2] the other side is told what it lacks or knows an older one of, and nothing else', () => {
    fc.assert(
      fc.property(digest, digest, fc.array(fc.tuple(fc.nat(29), number, number)), (mine, others, shared) => {
        const mixed = new Map(others.map((each) => [each.node, each]));
        for (const [index, incarnation, seq] of shared) {
          const same = mine[index]?.node;
          if (same !== undefined) mixed.set(same, { node: same, incarnation, seq });
        }
        const lacked = new Set(lackedBy([...mixed.values()], mine).map((each) => each.node));
        for (const each of mine) {
          const theirs = mixed.get(each.node);
          const isOlder =
            theirs !== undefined &&
            (theirs.incarnation > each.incarnation || (theirs.incarnation === each.incarnation && theirs.seq >= each.seq));
          expect(lacked.has(each.node)).toBe(!isOlder);
        }
      }),
    );
    expect(isNewer({ incarnation: 2, seq: 0 }, { incarnation: 1, seq: 9 })).toBe(true);
    expect(isNewer({ incarnation: 1, seq: 1 }, { incarnation: 1, seq: 1 })).toBe(false);
  });

  it('[DIGEST-2] a digest of a thousand peers and the most heartbeats at once are messages below 65,536 bytes', () => {
    const largest = encodeDigest(count(digestPeersMax + 5));
    expect(largest.length).toBe(digestBytesMax);
    expect(encodeMessage({ kind: kinds.digest, id: 0xffff_ffff, body: digestBody.write({ digest: largest }) }).length).toBeLessThan(65_536);
    const signed = Array.from({ length: heartbeatsMax }, () => new Uint8Array(heartbeatBytesMax));
    expect(encodeMessage({ kind: kinds.heartbeats, id: 0, body: heartbeatsBody.write({ signed }) }).length).toBeLessThan(65_536);
    expect(() => heartbeatsBody.read(heartbeatsBody.write({ signed: [...signed, new Uint8Array()] }))).toThrow(refused);
    expect(() => digestBody.read(digestBody.write({ digest: new Uint8Array(digestBytesMax + 1) }))).toThrow(refused);
  });
});
