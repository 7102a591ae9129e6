import type { Descriptor } from '../object/descriptor.ts';
import { geometry } from '../object/geometry.ts';
import { leaseAheadMaxMs } from '../wire/limits.ts';
import { claimHolds } from './claim.ts';
import type { Head } from './heads.ts';
import type { RecordState } from './record.ts';

/** What a record means at one time. Times are ms. */

/**
 * Until when a version is kept: as its descriptor says, or for longer where the owner renewed it; never shorter (SPEC RENEW-2). A renewal
 * that ends further ahead than anybody keeps counts for nothing (SPEC LEASE-6).
 */
export function leaseOf({ renewal }: Pick<RecordState, 'renewal'>, { leaseMs }: Pick<Descriptor, 'leaseMs'>, nowMs: number): number {
  const renewedMs = renewal?.renewal.leaseMs ?? 0;
  return isTooFarAhead(renewedMs, nowMs) ? leaseMs : Math.max(leaseMs, renewedMs);
}

/** Whether a lease ends so far ahead that nobody keeps it (SPEC LEASE-6). */
export const isTooFarAhead = (leaseMs: number, nowMs: number): boolean => leaseMs - nowMs > leaseAheadMaxMs;

/** Whether its owner deleted this version (SPEC TOMB-2). */
export const isVersionDeleted = ({ tombstone }: Pick<RecordState, 'tombstone'>, version: number): boolean =>
  version <= (tombstone?.tombstone.upTo ?? 0);

/** Whether its owner deleted all that is known of it (SPEC TOMB-2). */
export const isDeleted = ({ heads, tombstone }: RecordState): boolean => tombstone !== undefined && heads.length === 0;

/**
 * The head to read: the newest that can be restored from what is claimed of it, else the newest of all; none below version `floor`, which
 * this reader got before (SPEC VER-2, VER-3). Undefined where there is none, as when the object is deleted.
 */
export function readableHead({ heads }: RecordState, nowMs: number, floor = 0): Head | undefined {
  const known = heads.filter(({ descriptor }) => descriptor.version >= floor);
  return known.find((head) => canRestore(head, nowMs)) ?? known[0];
}

/** Heads that the owner signed of the newest version, where these are several: an equivocation (SPEC REC-9). Else none. */
export function rivals({ heads }: RecordState): readonly Head[] {
  const newest = heads.filter(({ descriptor }) => descriptor.version === heads[0]?.descriptor.version);
  return newest.length > 1 ? newest : [];
}

/** Whether of each segment enough shards are claimed to restore it. */
export function canRestore(head: Head, nowMs: number): boolean {
  return holdersOf(head, nowMs).every((shards) => shards.filter((nodes) => nodes.length > 0).length >= head.descriptor.k);
}

/** For each segment and shard, the nodes whose unexpired claim names it. */
export function holdersOf(head: Head, nowMs: number): string[][][] {
  const { segments } = geometry(head.descriptor.k, head.descriptor.m, head.descriptor.ciphertextLength);
  return Array.from({ length: segments }, (_, segment) => holdersIn(head, segment, nowMs));
}

/** The same for one segment: by shard. */
export function holdersIn({ descriptor, claims }: Head, segment: number, nowMs: number): string[][] {
  const n = descriptor.k + descriptor.m;
  const live = [...claims].filter(([, { claim }]) => claim.expiresMs > nowMs);
  return Array.from({ length: n }, (_, shard) =>
    live.filter(([, { claim }]) => claimHolds(claim, segment * n + shard)).map(([node]) => node),
  );
}
