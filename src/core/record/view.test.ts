import { expect, test } from 'vitest';
import { joinRecords, recordFrom, recordOf, type RecordState } from './record.ts';
import { leaseAheadMaxMs } from '../wire/limits.ts';
import { claimOn, described, renewalUntil, tombstoneUpTo } from './samples.contract.ts';
import { holdersOf, isDeleted, leaseOf, readableHead, rivals } from './view.ts';

const nowMs = 1_500;

/** A version of which these shards are claimed, each by a holder of its own. */
function stored(version: number, shards: readonly number[], variant = 0): RecordState {
  const { descriptor, signed } = described(version, variant);
  return recordOf(
    signed,
    descriptor,
    shards.map((shard) => claimOn(descriptor, shard, 1, [shard])),
  );
}

const versionOf = (record: RecordState, floor?: number, atMs = nowMs) => readableHead(record, atMs, floor)?.descriptor.version;

test('[REC-1] an expired claim is not shown', () => {
  const [head] = stored(1, [0]).heads;
  expect(holdersOf(head!, 2_000)[0]!.flat()).toEqual([]);
  expect(holdersOf(head!, 1_999)[0]!.flat()).toHaveLength(1);
});

test('[VER-2, VER-3] a reader gets the newest version that can be restored, the newest where none can, and none below its floor', () => {
  const older = stored(1, [0, 1]);
  const both = (newer: readonly number[]): RecordState => joinRecords(older, stored(2, newer));
  expect([versionOf(older), versionOf(both([])), versionOf(both([1])), versionOf(both([0, 1]))]).toEqual([1, 1, 2, 2]);
  expect(versionOf(joinRecords(stored(1, []), stored(2, [])))).toBe(2);
  expect(versionOf(both([1]), 0, 2_000)).toBe(2);
  expect(versionOf(both([]), 2)).toBe(2);
  expect(versionOf(older, 2)).toBeUndefined();
});

test('[RENEW-2] the lease that counts is the longer one, of descriptor or renewal', () => {
  const record = stored(1, []);
  const { descriptor } = record.heads[0]!;
  const leaseWith = (ms: number): number => leaseOf({ ...record, renewal: renewalUntil(ms) }, descriptor, nowMs);
  expect([leaseOf(record, descriptor, nowMs), leaseWith(1_000), leaseWith(9_000)]).toEqual([2_000, 2_000, 9_000]);
});

test('[LEASE-6] a renewal further ahead than anybody keeps counts for nothing', () => {
  const record = stored(1, []);
  const leaseWith = (ms: number): number => leaseOf({ ...record, renewal: renewalUntil(ms) }, record.heads[0]!.descriptor, nowMs);
  expect([leaseWith(nowMs + leaseAheadMaxMs), leaseWith(nowMs + leaseAheadMaxMs + 1)]).toEqual([nowMs + leaseAheadMaxMs, 2_000]);
});

test('[TOMB-2] a record is deleted when a tombstone is over all that is known of it', () => {
  const tombstone = recordFrom({ heads: [], tombstone: tombstoneUpTo(1) });
  expect(isDeleted(joinRecords(stored(1, [0, 1]), tombstone))).toBe(true);
  expect(versionOf(joinRecords(stored(1, [0, 1]), tombstone))).toBeUndefined();
  expect(isDeleted(joinRecords(stored(2, []), tombstone))).toBe(false);
  expect(isDeleted(recordFrom({ heads: [], renewal: renewalUntil(1) }))).toBe(false);
});

test('[REC-9] two contents of the newest version are rivals; of an older one they are forgotten with it', () => {
  const twice = joinRecords(stored(1, []), stored(1, [], 1));
  expect(rivals(twice)).toHaveLength(2);
  expect(rivals(stored(1, []))).toEqual([]);
  expect(rivals(joinRecords(twice, stored(2, [])))).toEqual([]);
});
