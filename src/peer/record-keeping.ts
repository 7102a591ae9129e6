import { errorCode } from '../core/errors.ts';
import { closest } from '../core/placement/keepers.ts';
import type { RecordState } from '../core/record/record.ts';
import type { HeldObjects } from './held-objects.ts';
import type { Keepers } from './keepers.ts';
import type { Links } from './links/exchange.ts';
import type { Policy } from './policy.ts';
import type { Clock, Log, Random } from './ports.ts';
import type { Records } from './records.ts';
import { createStamps, type Stamp } from './stamps.ts';
import { createSync } from './sync.ts';
import { createSyncPlan, type SyncPlan } from './sync-plan.ts';
import type { Task } from './task.ts';

/** Records kept here at most, beside those of what is owned and held, and their bytes. */
const recordsMax = 50_000;
const recordsBytesMax = 268_435_456;

/** Syncs the records kept here, and forgets those that others keep in the place of this peer (SPEC SYNC-*, REC-10). */
export function createRecordKeeping(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly links: Links;
  readonly records: Records;
  readonly keepers: Pick<Keepers, 'of'>;
  readonly held: Pick<HeldObjects, 'of'>;
  /** Whether the object of this record is of this profile. */
  readonly owns: (recordKey: string) => boolean;
  readonly policy: Policy;
  readonly log: Log;
  /** Ends with the peer. */
  readonly task: Task;
}): SyncPlan {
  const { links, records, held, owns, log } = options;
  const stamps = createStamps(records);
  /** Bytes of each record, as far as it was looked at. */
  const sizes = new Map<string, number>();
  let total = 0;
  let isTrimming = false;

  const measure = (recordKey: string, bytes: number | undefined): void => {
    total += (bytes ?? 0) - (sizes.get(recordKey) ?? 0);
    if (bytes === undefined) sizes.delete(recordKey);
    else sizes.set(recordKey, bytes);
  };
  const isTooMuch = (): boolean => sizes.size > recordsMax || total > recordsBytesMax;

  const stampOf = async (recordKey: string): Promise<Stamp | undefined> => {
    const stamp = await stamps.of(recordKey);
    measure(recordKey, stamp?.bytes);
    return stamp;
  };
  const sync = createSync({ ...options, stamps: { of: stampOf } });

  /** Not a keeper's business alone: its object is owned or held here; and what was deleted stays so. */
  const isOurs = async (recordKey: string): Promise<boolean> =>
    owns(recordKey) || held.of(recordKey).length > 0 || (await records.local(recordKey))?.tombstone !== undefined;

  const forget = async (recordKey: string): Promise<void> => {
    if (!(await isOurs(recordKey))) await records.forget(recordKey);
  };

  /** Forgets the records farthest from this peer while there are too many: others are their keepers sooner. */
  const trim = async (): Promise<void> => {
    const farthestLast = closest(links.self, [...sizes.keys()].sort(), Infinity);
    while (isTooMuch()) {
      const recordKey = farthestLast.pop();
      if (recordKey === undefined) return;
      await forget(recordKey);
    }
  };

  const trimSoon = (): void => {
    if (isTrimming || !isTooMuch()) return;
    isTrimming = true;
    trim()
      .catch((error: unknown) => log('error', 'records not forgotten', { code: errorCode(error) }))
      .finally(() => (isTrimming = false))
      .catch(() => {});
  };

  const plan = createSyncPlan({
    ...options,
    self: links.self,
    sync,
    handedOver(recordKey) {
      forget(recordKey).catch((error: unknown) => log('error', 'record not forgotten', { code: errorCode(error) }));
    },
  });

  return {
    ...plan,
    merged(record: RecordState) {
      stamps.forget(record.recordKey);
      measure(record.recordKey, bytesOf(record));
      plan.merged(record);
      trimSoon();
    },
    forgotten(recordKey) {
      stamps.forget(recordKey);
      measure(recordKey, undefined);
      plan.forgotten(recordKey);
    },
  };
}

/** Bytes of its statements, which are nearly all of it. */
function bytesOf({ heads }: RecordState): number {
  return heads.reduce(
    (sum, { signed, claims }) => [...claims.values()].reduce((more, claim) => more + claim.signed.length, sum + signed.length),
    0,
  );
}
