import { geometry } from '../object/geometry.ts';
import { claimHolds } from './claim.ts';
import type { Head } from './heads.ts';
import type { RecordState } from './record.ts';

/** What a record means at one time. Times are ms. */

/** Until when a head is kept: as its descriptor says, or for longer where the owner renewed it; never shorter (SPEC RENEW-2). */
export function leaseOf({ renewal }: Pick<RecordState, 'renewal'>, { descriptor }: Pick<Head, 'descriptor'>): number {
  return Math.max(descriptor.leaseMs, renewal?.renewal.leaseMs ?? 0);
}

/** Whether its owner deleted this version (SPEC TOMB-2). */
export const isVersionDeleted = ({ tombstone }: Pick<RecordState, 'tombstone'>, version: number): boolean =>
  version <= (tombstone?.tombstone.upTo ?? 0);

/** Whether its owner deleted all that is known of it (SPEC TOMB-2). */
export const isDeleted = ({ heads, tombstone }: RecordState): boolean => tombstone !== undefined && heads.length === 0;

/**
 * The head to read: the newest that is stored whole, else the newest of all; none below version `floor`, which this reader got before
 * (SPEC REC-8). Undefined where there is none, as when the object is deleted.
 */
export function readableHead({ heads }: RecordState, nowMs: number, floor = 0): Head | undefined {
  const known = heads.filter(({ descriptor }) => descriptor.version >= floor);
  return known.find((head) => isStored(head, nowMs)) ?? known[0];
}

/** Heads that the owner signed of the newest version, where these are several: an equivocation (SPEC REC-9). Else none. */
export function rivals({ heads }: RecordState): readonly Head[] {
  const newest = heads.filter(({ descriptor }) => descriptor.version === heads[0]?.descriptor.version);
  return newest.length > 1 ? newest : [];
}

/** Whether somebody claims each of its shards. */
export function isStored(head: Head, nowMs: number): boolean {
  return holdersOf(head, nowMs).every((shards) => shards.every((nodes) => nodes.length > 0));
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
