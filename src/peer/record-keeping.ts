import { errorCode } from '../core/errors.ts';
import type { RecordState } from '../core/record/record.ts';
import { recordKeyIn } from '../core/record/stored.ts';
import { isDeleted } from '../core/record/view.ts';
import { emptyBody, kinds, recordPutBody } from '../core/wire/kinds.ts';
import type { HeldObjects } from './held-objects.ts';
import type { Keepers } from './keepers.ts';
import type { Links } from './links/exchange.ts';
import type { Policy } from './policy.ts';
import type { Clock, Log, MetaStore, Random } from './ports.ts';
import { createRecordBound, isClaimed, statementBytes } from './record-bound.ts';
import type { RecordBudget } from './record-budget.ts';
import type { Records } from './records.ts';
import { createStamps, type Stamp } from './stamps.ts';
import { createSync } from './sync.ts';
import { createSyncPlan, type SyncPlan } from './sync-plan.ts';
import type { Task } from './task.ts';
import { createTombstoneNotes } from './tombstone-notes.ts';

/** Takes, syncs and bounds the records kept here. */
export interface RecordKeeping extends Omit<SyncPlan, 'merged'> {
  /** A record kept here is another one than `before` now. */
  merged(record: RecordState, before: RecordState | undefined): void;
  /** Something of this object is held here now, or nothing any more. */
  turned(recordKey: string): void;
}

/** Keeps records that others bring, and forgets what others keep in the place of this peer, or what is too many (SPEC SYNC-*, REC-10 to REC-12). */
export function createRecordKeeping(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly links: Links;
  readonly records: Records;
  readonly meta: MetaStore;
  readonly keepers: Pick<Keepers, 'of' | 'nextMs'>;
  readonly held: Pick<HeldObjects, 'of'>;
  /** Whether the object of this record is of this profile. */
  readonly owns: (recordKey: string) => boolean;
  readonly budget: RecordBudget;
  readonly policy: Policy;
  readonly log: Log;
  /** Ends with the peer. */
  readonly task: Task;
}): RecordKeeping {
  const { clock, links, records, held, owns, budget, policy, log, task } = options;
  const stamps = createStamps(records);
  const tombstones = createTombstoneNotes(options);
  /** Not a keeper's business alone: its object is owned or held here. */
  const isOurs = (recordKey: string): boolean => owns(recordKey) || held.of(recordKey).length > 0;
  const bound = createRecordBound({ self: links.self, recordsMax: policy.recordsMax, stays: isOurs });
  let isTrimming = false;
  let stopTimer = (): void => {};

  /** The stamp of a record kept here, which counts from here on. */
  const stampOf = async (recordKey: string): Promise<Stamp | undefined> => {
    const reading = stamps.of(recordKey);
    const stamp = await reading;
    if (stamp === undefined) return undefined;
    // While it was read it became another one, or was forgotten: what it was then counts no more.
    if (stamps.of(recordKey) !== reading) return stampOf(recordKey);
    bound.set(recordKey, { bytes: stamp.bytes, isClaimed: stamp.isClaimed || tombstones.isClaimed(recordKey) });
    return stamp;
  };
  const sync = createSync({ ...options, stamps: { of: stampOf } });

  links.handle(kinds.recordPut, async ({ session, body }) => {
    const { record } = recordPutBody.read(body);
    if ((await records.local(recordKeyIn(record))) === undefined) budget.take(session.node);
    await records.admit(record);
    return emptyBody.write({});
  });

  const forget = async (recordKey: string): Promise<void> => {
    if (isOurs(recordKey)) return;
    await records.forget(recordKey);
    await tombstones.forget(recordKey);
  };

  /** Others have it: but what was deleted stays so here too, as long as there is room. */
  const handOver = async (recordKey: string): Promise<void> => {
    if ((await records.local(recordKey))?.tombstone === undefined) await forget(recordKey);
  };

  /** What was deleted long ago is forgotten, and stays noted, so that nobody who forgets it later brings it back. */
  const forgetIfOver = async (recordKey: string): Promise<void> => {
    const record = await records.local(recordKey);
    if (record !== undefined && isDeleted(record) && tombstones.isOver(recordKey) && !isOurs(recordKey)) await records.forget(recordKey);
  };
  const forgetOver = async (): Promise<void> => {
    for (const recordKey of await tombstones.over()) await forgetIfOver(recordKey);
  };

  const begun = (what: string, work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => log('error', what, { code: errorCode(error) }));

  const trimSoon = (): void => {
    if (isTrimming || !bound.isPassed()) return;
    isTrimming = true;
    void begun('records not forgotten', bound.trim(forget)).then(() => (isTrimming = false));
  };

  const deleted = async (recordKey: string, wasClaimed: boolean): Promise<void> => {
    await tombstones.note(recordKey, wasClaimed);
    await forgetIfOver(recordKey);
  };

  const lookEach = (): void => {
    stopTimer = clock.timer(policy.collectMs, () => {
      void begun('tombstones not forgotten', forgetOver());
      lookEach();
    });
  };
  task.onEnd(() => stopTimer());

  const plan = createSyncPlan({
    ...options,
    self: links.self,
    sync,
    handedOver: (recordKey) => void begun('record not forgotten', handOver(recordKey)),
  });

  return {
    ...plan,
    start() {
      plan.start();
      lookEach();
    },
    merged(record, before) {
      const { recordKey, tombstone } = record;
      const wasClaimed = isClaimed(record) || (before !== undefined && isClaimed(before)) || tombstones.isClaimed(recordKey);
      stamps.forget(recordKey);
      bound.set(recordKey, { bytes: statementBytes(record), isClaimed: wasClaimed });
      if (tombstone !== undefined) void begun('tombstone not noted', deleted(recordKey, wasClaimed));
      plan.merged(record);
      trimSoon();
    },
    turned(recordKey) {
      if (isOurs(recordKey)) bound.set(recordKey, undefined);
      else void begun('record not counted', stampOf(recordKey).then(trimSoon));
    },
    forgotten(recordKey) {
      stamps.forget(recordKey);
      bound.set(recordKey, undefined);
      plan.forgotten(recordKey);
    },
  };
}
