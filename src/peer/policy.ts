const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** When a peer does what takes days, ms, and how much it keeps at most: one record, so that a test can have days pass in minutes. */
export interface Policy {
  /** Lease of a new version, from its signing on. */
  readonly leaseMs: number;
  /** An own file is renewed when less than this part of `leaseMs` is left. */
  readonly renewAt: number;
  /** Shards of an older version go so long after a newer one could be restored, those of a draft so long after its last one came. */
  readonly olderMs: number;
  /** Shards go so long after their lease: clocks differ. */
  readonly graceMs: number;
  /** Time between two looks for leases that end. */
  readonly collectMs: number;
  /** Time between two syncs of one record, more or less by up to a quarter. */
  readonly syncMs: number;
  /** Changes of the view are gathered for so long before records are synced for them. */
  readonly gatherMs: number;
  /** A tombstone is kept for so long. */
  readonly tombstoneMs: number;
  /** Records kept at most, beside those of what is owned and held. */
  readonly recordsMax: number;
}

export const defaultPolicy: Policy = {
  leaseMs: 30 * dayMs,
  renewAt: 0.5,
  olderMs: dayMs,
  graceMs: hourMs,
  collectMs: hourMs,
  syncMs: hourMs,
  gatherMs: 2_000,
  tombstoneMs: 400 * dayMs,
  recordsMax: 50_000,
};
