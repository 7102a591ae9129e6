import { toHex } from '../core/bytes/text.ts';
import { errorCode } from '../core/errors.ts';
import type { Head } from '../core/record/heads.ts';
import type { RecordState } from '../core/record/record.ts';
import { canRestore, leaseOf } from '../core/record/view.ts';
import type { OwnClaims } from './claims.ts';
import type { Confessions } from './confessions.ts';
import type { HeldObjects, HeldVersion } from './held-objects.ts';
import type { Links } from './links/exchange.ts';
import type { Policy } from './policy.ts';
import type { Clock, Log, ShardStore } from './ports.ts';
import type { Records } from './records.ts';
import type { Task } from './task.ts';

/** Where the record could not be looked at once more, and where a draft may become a version any moment. */
const againMs = 60_000;
/** So long after its last shard came a draft is looked for as often as that. */
const soonMs = 600_000;

export interface CollectOptions {
  readonly clock: Clock;
  readonly links: Pick<Links, 'self' | 'sessions'>;
  readonly shards: Pick<ShardStore, 'meta'>;
  readonly records: Records;
  readonly claims: OwnClaims;
  readonly held: HeldObjects;
  readonly confessions: Confessions;
  readonly policy: Policy;
  readonly log: Log;
  /** Resolves once the links that are to be had first are there. */
  readonly settled: () => Promise<void>;
  /** Ends with the peer. */
  readonly task: Task;
}

/** What time does to the versions held: leases end, claims have to be made anew, older versions give way (SPEC LEASE-2, LEASE-5, VER-4). */
export interface Collect {
  start(): Promise<void>;
  /** A record kept here is another one now. */
  merged(record: RecordState): void;
  /** A shard of this version was committed. */
  committed(contentRoot: string): void;
}

export function createCollect(options: CollectOptions): Collect {
  const { clock, held, policy, log, task } = options;
  /** When a version held is to be looked at again, ms. */
  const due = new Map<string, number>();
  let stopTimer = (): void => {};
  let timerMs = Infinity;
  let running = false;
  let started = false;

  const lookAtAll = async (): Promise<void> => {
    for (const contentRoot of held.of()) {
      const known = held.get(contentRoot);
      if (known === undefined || (due.get(contentRoot) ?? 0) > clock.now()) continue;
      due.set(contentRoot, Infinity);
      const nextMs = await task.race(lookAt(options, contentRoot, known)).catch(failed);
      // What was merged meanwhile makes it due again.
      if (due.get(contentRoot) === Infinity) due.set(contentRoot, nextMs);
    }
    for (const contentRoot of due.keys()) if (held.get(contentRoot) === undefined) due.delete(contentRoot);
  };

  /** One version that cannot be looked at now keeps no other from it. */
  const failed = (error: unknown): number => {
    if (errorCode(error) === 'cancelled') throw error;
    log('error', 'lease not looked at', { code: errorCode(error) });
    return clock.now() + againMs;
  };

  const run = (): void => {
    stopTimer();
    if (running) return;
    running = true;
    lookAtAll()
      .catch((error: unknown) => {
        if (errorCode(error) !== 'cancelled') log('error', 'leases not looked at', { code: errorCode(error) });
      })
      .finally(() => {
        running = false;
        schedule(policy.collectMs);
      })
      .catch(() => {});
  };

  /** At the next time that is known, or after this long. */
  const schedule = (mostMs: number): void => {
    const nextMs = [...due.values()].reduce((least, ms) => Math.min(least, ms), Infinity);
    const waitMs = Math.min(mostMs, Math.max(policy.gatherMs, nextMs - clock.now()));
    stopTimer();
    timerMs = clock.now() + waitMs;
    if (started) stopTimer = clock.timer(waitMs, run);
  };

  task.onEnd(() => {
    started = false;
    stopTimer();
  });

  return {
    async start() {
      await task.race(options.settled());
      started = true;
      run();
    },
    merged({ recordKey }) {
      const roots = held.of(recordKey);
      for (const contentRoot of roots) due.set(contentRoot, 0);
      // Never later than before: who merges all the time puts nothing off.
      if (roots.length > 0 && !running && timerMs > clock.now() + policy.gatherMs) schedule(policy.gatherMs);
    },
    committed(contentRoot) {
      const lookMs = clock.now() + againMs;
      due.set(contentRoot, Math.min(due.get(contentRoot) ?? Infinity, lookMs));
      if (!running && timerMs > lookMs) schedule(againMs);
    },
  };
}

/** Does what is due for one version held; gives when it is to be looked at again, ms. */
async function lookAt(options: CollectOptions, contentRoot: string, known: HeldVersion): Promise<number> {
  const { clock, records, claims, held, confessions, policy } = options;
  const nowMs = clock.now();
  const record = await records.local(known.recordKey);
  const head = headIn(record, contentRoot);

  const endMs = (await leaseHere(options, contentRoot, record)) + policy.graceMs;
  if (nowMs >= endMs) {
    if (options.links.sessions().length === 0) return nowMs + againMs;
    // What nobody else knows any more goes all the same, a while later: those who know of a renewal may be away.
    if (!(await lookedUp(options, known)) && nowMs < endMs + policy.olderMs) return nowMs + policy.collectMs;
    // Renewed meanwhile: what was merged makes it due again.
    if (nowMs < (await leaseHere(options, contentRoot, await records.local(known.recordKey))) + policy.graceMs) return nowMs;
    await held.remove(contentRoot);
    return Infinity;
  }

  // One that cannot be read takes nothing away (SPEC VER-4).
  const isReplaced = record?.heads.some((each) => each.descriptor.version > known.version && canRestore(each, nowMs)) === true;
  // What no record names, and nothing newer took the place of, is a draft (SPEC VER-6).
  const isDraft = head === undefined && !isReplaced && known.version > 1;
  const goes = isReplaced || isDraft;
  if (goes !== (known.goesMs !== 0)) {
    await held.goesAt(contentRoot, goes ? nowMs + policy.olderMs : 0);
    return nowMs;
  }
  if (isDraft) return Math.min(endMs, await lookAtDraft(options, contentRoot, known));
  if (isReplaced && nowMs >= known.goesMs) {
    await held.remove(contentRoot);
    confessions.add(known.recordKey);
    return Infinity;
  }

  const claim = head?.claims.get(options.links.self)?.claim;
  const isShort = claim !== undefined && claim.expiresMs < endMs - policy.graceMs;
  const halfMs = isShort ? claim.issuedMs + (claim.expiresMs - claim.issuedMs) / 2 : Infinity;
  if (head !== undefined && nowMs >= halfMs) {
    // Half a life is left for the next syncs to bring it to the keepers.
    await claims.claim(head.descriptor, head.signed);
    return nowMs;
  }
  return Math.min(endMs, known.goesMs === 0 ? Infinity : known.goesMs, halfMs);
}

/** Whether a draft has become a version, of which only the keepers were told; its holders keep the record too, and know what they are needed for. */
async function lookAtDraft(options: CollectOptions, contentRoot: string, known: HeldVersion): Promise<number> {
  const { clock, links, records, held, policy } = options;
  const nowMs = clock.now();
  const isKnown = links.sessions().length > 0 && (await lookedUp(options, known));
  if (headIn(await records.local(known.recordKey), contentRoot) !== undefined) return nowMs;
  if (isKnown && nowMs >= known.goesMs) {
    await held.remove(contentRoot);
    return Infinity;
  }
  const lastMs = known.goesMs - policy.olderMs;
  return nowMs + (nowMs - lastMs < soonMs ? againMs : policy.collectMs);
}

const headIn = (record: RecordState | undefined, contentRoot: string): Head | undefined =>
  record?.heads.find(({ descriptor }) => toHex(descriptor.contentRoot) === contentRoot);

/** Until when a version is kept here, ms: of one that no head is of any more the shards know what its owner signed. */
async function leaseHere({ clock, shards, claims }: CollectOptions, contentRoot: string, record: RecordState | undefined): Promise<number> {
  const [place] = claims.of(contentRoot);
  const signedMs = headIn(record, contentRoot)?.descriptor.leaseMs ?? (place && (await shards.meta(place))?.lease) ?? 0;
  return leaseOf(record ?? {}, { leaseMs: signedMs }, clock.now());
}

/** Looks at the record once more, and keeps what others know of it. False where none of them knows anything: what is known here may be old. */
async function lookedUp({ records }: CollectOptions, { objectKey }: HeldVersion): Promise<boolean> {
  let found: RecordState | undefined;
  await records.lookUp(objectKey, (record) => (found = record), true);
  if (found !== undefined) await records.merge(found);
  return found !== undefined;
}
