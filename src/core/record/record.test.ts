import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { joinRecords as join, recordFrom, recordOf, type RecordState, sameRecord } from './record.ts';
import { claimOn, described, type Described, objectKey, records, renewalUntil, tombstoneUpTo } from './samples.contract.ts';
import { everyVersion } from './tombstone.ts';
import { holdersOf } from './view.ts';

const runs = { numRuns: 150 };
const refused = expect.objectContaining({ code: 'bad-input' });

test('[REC-1] the join is commutative', () => {
  fc.assert(
    fc.property(records, records, (a, b) => sameRecord(join(a, b), join(b, a))),
    runs,
  );
});

test('[REC-1] the join is associative, with renewals, tombstones, several heads and the cap on claims exceeded', () => {
  fc.assert(
    fc.property(records, records, records, (a, b, c) => sameRecord(join(join(a, b), c), join(a, join(b, c)))),
    { numRuns: 400 },
  );
});

test('[REC-1] the join is idempotent, and never holds more than 2 heads or 4 n claims on one', () => {
  fc.assert(
    fc.property(records, records, (a, b) => {
      const joined = join(a, b);
      expect(sameRecord(join(a, a), a)).toBe(true);
      expect(sameRecord(join(joined, a), joined)).toBe(true);
      expect(joined.heads.length).toBeLessThanOrEqual(2);
      for (const { claims } of joined.heads) expect(claims.size).toBeLessThanOrEqual(8);
    }),
    runs,
  );
});

/** Versions and variants of a record's heads, the newest first. */
const rootsOf = ({ heads }: RecordState): string[] => heads.map(({ descriptor }) => toHex(descriptor.contentRoot));
const rootOf = ({ descriptor }: Described): string => toHex(descriptor.contentRoot);
const only = ({ descriptor, signed }: Described): RecordState => recordOf(signed, descriptor, []);
const together = (...parts: readonly RecordState[]): RecordState => parts.reduce(join);

test('[REC-8] the newest version and the one before stay, each with its claims; of three the oldest goes', () => {
  const [first, second, third] = [described(1, 0), described(2, 0), described(3, 0)] as const;
  const held = recordOf(first.signed, first.descriptor, [claimOn(first.descriptor, 1, 1, [0])]);
  const both = join(held, only(second));
  expect(rootsOf(both)).toEqual([rootOf(second), rootOf(first)]);
  expect(both.heads[1]!.claims.size).toBe(1);
  expect(rootsOf(join(both, only(third)))).toEqual([rootOf(third), rootOf(second)]);
});

test('[REC-9] of two contents of one version both stay, the one with the higher contentRoot first, whoever was heard first', () => {
  const [one, other] = [described(2, 0), described(2, 1)];
  const first = rootOf(one) > rootOf(other) ? one : other;
  for (const joined of [join(only(one), only(other)), join(only(other), only(one))]) {
    expect(rootsOf(joined)[0]).toBe(rootOf(first));
    expect(rootsOf(joined)).toHaveLength(2);
  }
});

test('[REC-1] of one contentRoot signed twice the claims are joined, and the higher signed bytes are its descriptor', () => {
  const [short, long] = [described(1, 0), described(1, 0, 3_000)];
  const a = recordOf(short.signed, short.descriptor, [claimOn(short.descriptor, 1, 1, [0])]);
  const b = recordOf(long.signed, long.descriptor, [claimOn(long.descriptor, 2, 1, [1])]);
  const joined = join(a, b);
  expect(joined.heads.map(({ descriptor, claims }) => [descriptor.leaseMs, claims.size])).toEqual([[3_000, 2]]);
  expect(sameRecord(joined, join(b, a))).toBe(true);
});

test('[TOMB-2] a tombstone is over all versions up to its own, also such that come later, and nothing brings them back', () => {
  const upTo2 = recordFrom({ heads: [], tombstone: tombstoneUpTo(2) });
  const [first, second, third] = [described(1, 0), described(2, 0), described(3, 0)].map(only) as [RecordState, RecordState, RecordState];
  expect(rootsOf(together(first, second, upTo2))).toEqual([]);
  expect(rootsOf(together(upTo2, second, third, first))).toEqual([rootOf(described(3, 0))]);
  const final = recordFrom({ heads: [], tombstone: tombstoneUpTo(everyVersion) });
  const gone = together(final, third, upTo2);
  expect(gone.heads).toEqual([]);
  expect(gone.tombstone?.tombstone.upTo).toBe(everyVersion);
});

test('[RENEW-2] of renewals the one for longer stays', () => {
  const [a, b] = [2_500, 9_000].map((ms) => recordFrom({ heads: [], renewal: renewalUntil(ms) })) as [RecordState, RecordState];
  expect([join(a, b), join(b, a)].map(({ renewal }) => renewal?.renewal.leaseMs)).toEqual([9_000, 9_000]);
});

test('[REC-1] a later claim with fewer bits is a confession', () => {
  const { descriptor, signed } = described(1, 0);
  const old = recordOf(signed, descriptor, [claimOn(descriptor, 1, 1, [0, 1])]);
  const confessed = recordOf(signed, descriptor, [claimOn(descriptor, 1, 2, [1])]);
  expect(holdersOf(join(old, confessed).heads[0]!, 1_500)[0]!.map((holders) => holders.length)).toEqual([0, 1]);
});

test('[REC-1] a claim on another head does not count', () => {
  const { descriptor, signed } = described(1, 0);
  expect(recordOf(signed, descriptor, [claimOn(described(1, 1).descriptor, 1, 1, [0])]).heads[0]!.claims.size).toBe(0);
});

test('[REC-1] a record has statements on one object, and at least one', () => {
  expect(() => recordFrom({ heads: [] })).toThrow(refused);
  const foreign = { ...renewalUntil(1), renewal: { objectKey: new Uint8Array(32), leaseMs: 1 } };
  expect(() => recordFrom({ heads: [], renewal: foreign, tombstone: tombstoneUpTo(1) })).toThrow(refused);
  expect(recordFrom({ heads: [], renewal: renewalUntil(1) }).objectKey).toEqual(objectKey);
});
