import { errorCode } from '../core/errors.ts';
import { keepersCount } from '../core/placement/keepers.ts';
import type { RecordState } from '../core/record/record.ts';
import { syncEntriesMax } from '../core/wire/limits.ts';
import type { Keepers } from './keepers.ts';
import type { Policy } from './policy.ts';
import type { Clock, Log, Random } from './ports.ts';
import type { Records } from './records.ts';
import type { Sync } from './sync.ts';
import type { Task } from './task.ts';

/** From the start, or from when a record first came, to a first sync: what is known then may be old or not all. */
const firstMs = 60_000;
/** After signaling came back the links have so long to do the same, unless all was synced so lately. */
const relinkMs = 10_000;
const againMs = 300_000;
/** When somebody became keeper of a record, the keepers tell it one after another, so that the later ones find it told; others after them. */
const rankMs = 2_000;
const unrankedMs = 20_000;
/** Syncs of all records are spread over so long. */
const spreadMs = 10_000;
/** Also after what had to be put off. */
const retryMs = 30_000;
const atOnceMax = 8;
/** Those who become eligible within so long are seen by one look: how long they are up is known by their heartbeats. */
const eligibleMs = 30_000;

/** The records to sync with one peer, and from when on, ms. */
interface Due {
  dueMs: number;
  readonly recordKeys: Set<string>;
}

/** Decides which records are synced with whom and when, so that their keepers know them whoever comes and goes (SPEC SYNC-3). */
export interface SyncPlan {
  start(): void;
  /** A record kept here is another one now, or is kept here no more. */
  merged(record: RecordState): void;
  forgotten(recordKey: string): void;
  /** This record could not be put at this peer, which takes no more at the moment: it is synced later. */
  putOff(node: string, recordKey: string): void;
  /** Somebody came or went; with `bye` one left who said so. */
  changed(bye?: boolean): void;
  /** Signaling came back: much may have happened meanwhile. */
  rejoined(): void;
}

export function createSyncPlan(options: {
  readonly clock: Clock;
  readonly random: Random;
  /** Own NodeId. */
  readonly self: string;
  readonly records: Pick<Records, 'keys' | 'refresh'>;
  readonly keepers: Pick<Keepers, 'of' | 'nextMs'>;
  readonly sync: Sync;
  readonly policy: Pick<Policy, 'syncMs' | 'gatherMs'>;
  /** All keepers of this record have it, and this peer is none of them. */
  readonly handedOver: (recordKey: string) => void;
  readonly log: Log;
  /** Ends with the peer. */
  readonly task: Task;
}): SyncPlan {
  const { clock, random, self, records, keepers, sync, policy, log, task } = options;
  /** The keepers of each record kept here, as they were when last looked at. */
  const kept = new Map<string, readonly string[]>();
  /** Of records of which this peer is no keeper: the keepers that have them as they are here. */
  const confirmed = new Map<string, Set<string>>();
  const due = new Map<string, Due>();
  /** With whom syncs are under way, and the records of each that have stayed as they were since it began. */
  const underWay = new Map<string, Set<string>>();
  /** How often in a row a sync failed with those with whom one is due or under way. */
  const failures = new Map<string, number>();
  /** First looks at records that came lately. */
  const firstLooks = new Set<() => void>();
  /** When everything was synced last, and will be next. */
  let allMs = -Infinity;
  let allDueMs = Infinity;
  let stopAll = (): void => {};
  let stopLook: (() => void) | undefined;
  let stopEligible = (): void => {};
  let stopTimer = (): void => {};
  let over = false;

  /** `ms`, up to `part` of it more or less. */
  const about = (ms: number, part = 0.25): number => ms * (1 + part * (random.bytes(1)[0]! / 127.5 - 1));

  const add = (node: string, recordKey: string, ms: number): void => {
    if (node === self || over) return;
    const at = clock.now() + ms;
    const known = due.get(node);
    if (known === undefined) due.set(node, { dueMs: at, recordKeys: new Set([recordKey]) });
    else {
      known.dueMs = Math.min(known.dueMs, at);
      known.recordKeys.add(recordKey);
    }
  };

  const confirm = (node: string, recordKey: string): void => {
    const now = keepers.of(recordKey);
    if (now.includes(self)) return void confirmed.delete(recordKey);
    const having = confirmed.get(recordKey) ?? new Set();
    confirmed.set(recordKey, having.add(node));
    if (now.length < keepersCount || !now.every((keeper) => having.has(keeper))) return;
    confirmed.delete(recordKey);
    options.handedOver(recordKey);
  };

  /** Syncs these again, as far as that is a keeper's business still. */
  const again = (node: string, recordKeys: readonly string[], ms: number): void => {
    for (const recordKey of recordKeys) if (keepers.of(recordKey).includes(node)) add(node, recordKey, ms);
  };

  const run = async (node: string, recordKeys: readonly string[]): Promise<void> => {
    const left = await sync.run(node, recordKeys);
    failures.delete(node);
    const unsure = new Set(left);
    for (const recordKey of underWay.get(node) ?? []) if (!unsure.has(recordKey)) confirm(node, recordKey);
    // It takes new ones no faster: that is no failure, and the next sync brings more.
    again(node, left, about(spreadMs));
  };

  const failed = (node: string, recordKeys: readonly string[], error: unknown): void => {
    log('debug', 'records not synced', { code: errorCode(error) });
    const count = Math.min(5, (failures.get(node) ?? 0) + 1);
    failures.set(node, count);
    again(node, recordKeys, about(retryMs) * 2 ** (count - 1));
    if (!due.has(node)) failures.delete(node);
  };

  const begin = (node: string, { recordKeys }: Due): void => {
    const some = [...recordKeys].filter((recordKey) => kept.has(recordKey)).slice(0, syncEntriesMax);
    for (const recordKey of some) recordKeys.delete(recordKey);
    due.delete(node);
    if (recordKeys.size > 0 && some.length === syncEntriesMax) due.set(node, { dueMs: clock.now() + rankMs, recordKeys });
    if (some.length === 0) return void failures.delete(node);
    underWay.set(node, new Set(some));
    run(node, some)
      .catch((error: unknown) => failed(node, some, error))
      .finally(() => {
        underWay.delete(node);
        next();
      })
      .catch((error: unknown) => log('error', 'syncs ended', { code: errorCode(error) }));
  };

  /** Begins what is due, and sets the timer to what will be. */
  const next = (): void => {
    stopTimer();
    if (over) return;
    let soonestMs = Infinity;
    for (const [node, each] of [...due].sort(([, a], [, b]) => a.dueMs - b.dueMs)) {
      if (underWay.size >= atOnceMax) return;
      if (underWay.has(node)) continue;
      if (each.dueMs <= clock.now()) begin(node, each);
      else soonestMs = Math.min(soonestMs, each.dueMs);
    }
    if (soonestMs < Infinity) stopTimer = clock.timer(soonestMs - clock.now(), next);
  };

  /** When this peer tells a new keeper: after the keepers that are nearer to the record. */
  const rankedMs = (before: readonly string[], now: readonly string[]): number => {
    const rank = now.includes(self) ? now.indexOf(self) : before.indexOf(self);
    return rank < 0 ? about(unrankedMs, 0.5) : rankMs * rank + about(rankMs / 2, 1);
  };

  /** Nobody says that it has been up for long enough: looks when the next one has. */
  const lookWhenEligible = (): void => {
    stopEligible();
    const ms = keepers.nextMs();
    if (ms < Infinity) stopEligible = clock.timer(Math.max(eligibleMs, ms), look);
  };

  /** Finds who became keeper of what is kept here. */
  const look = (): void => {
    stopLook?.();
    stopLook = undefined;
    if (over) return;
    lookWhenEligible();
    for (const [recordKey, before] of kept) {
      const now = keepers.of(recordKey);
      if (now === before || (now.length === before.length && now.every((node, i) => node === before[i]))) continue;
      kept.set(recordKey, now);
      const ms = rankedMs(before, now);
      for (const node of now) if (!before.includes(node)) add(node, recordKey, ms);
    }
    next();
  };

  const lookIn = (ms: number): void => {
    stopLook?.();
    stopLook = clock.timer(ms, look);
  };

  const all = async (): Promise<void> => {
    allMs = clock.now();
    const spread = new Map<string, number>();
    for (const recordKey of await records.keys()) {
      const now = keepers.of(recordKey);
      kept.set(recordKey, now);
      for (const node of now) {
        const ms = spread.get(node) ?? about(spreadMs / 2, 1);
        spread.set(node, ms);
        add(node, recordKey, ms);
      }
    }
    next();
  };

  const begun = (work: Promise<void>): void =>
    void work.catch((error: unknown) => log('error', 'records not read', { code: errorCode(error) }));

  const allIn = (ms: number): void => {
    if (over || clock.now() + ms >= allDueMs) return;
    stopAll();
    allDueMs = clock.now() + ms;
    stopAll = clock.timer(ms, () => {
      allDueMs = Infinity;
      begun(all());
      allIn(about(policy.syncMs));
    });
  };

  const firstLook = (objectKey: Uint8Array): void => {
    if (over) return;
    const stop = clock.timer(about(firstMs), () => {
      firstLooks.delete(stop);
      begun(records.refresh(objectKey));
    });
    firstLooks.add(stop);
  };

  task.onEnd(() => {
    over = true;
    for (const stop of firstLooks) stop();
    stopTimer();
    stopAll();
    stopLook?.();
    stopEligible();
  });

  return {
    start() {
      allIn(about(Math.min(firstMs, policy.syncMs)));
      lookWhenEligible();
    },
    merged({ recordKey, objectKey }) {
      confirmed.delete(recordKey);
      for (const unchanged of underWay.values()) unchanged.delete(recordKey);
      if (kept.has(recordKey)) return;
      const now = keepers.of(recordKey);
      kept.set(recordKey, now);
      // Its keepers were told all of it; who holds a part of it knows what it was told last.
      if (!now.includes(self)) firstLook(objectKey);
    },
    forgotten(recordKey) {
      kept.delete(recordKey);
      confirmed.delete(recordKey);
      for (const unchanged of underWay.values()) unchanged.delete(recordKey);
    },
    putOff(node, recordKey) {
      add(node, recordKey, about(retryMs));
      next();
    },
    changed(bye = false) {
      if (over) return;
      if (bye) lookIn(0);
      else if (stopLook === undefined) lookIn(policy.gatherMs);
    },
    rejoined: () => allIn(Math.max(relinkMs, allMs + againMs - clock.now())),
  };
}
