import { errorCode, type Verdict } from '../core/errors.ts';
import { createAdmission } from './admission.ts';
import type { Authority } from './authority.ts';
import type { Changed, Changes } from './changes.ts';
import type { OwnClaims } from './claims.ts';
import { createCollect } from './collect.ts';
import { createConfessions } from './confessions.ts';
import { createDeletions, type Deletions } from './deletions.ts';
import { createDescriptors } from './descriptors.ts';
import { extendLeases } from './extensions.ts';
import type { Files } from './files.ts';
import { createFloors } from './floors.ts';
import type { OwnHeartbeats } from './heartbeats.ts';
import { createHeldObjects, type Freed } from './held-objects.ts';
import { hold } from './hold.ts';
import type { Lenders } from './lenders.ts';
import { letGo } from './let-go.ts';
import type { Keepers } from './keepers.ts';
import type { Links } from './links/exchange.ts';
import type { Membership } from './membership.ts';
import { createNeeded } from './needed.ts';
import type { OwnFiles } from './own-files.ts';
import type { Policy } from './policy.ts';
import type { Clock, Codec, Crypto, Log, MetaStore, Random, ShardStore } from './ports.ts';
import type { RecordState } from '../core/record/record.ts';
import { createReceives, type Receives } from './receives.ts';
import { createRecordBudget } from './record-budget.ts';
import { createRecordKeeping } from './record-keeping.ts';
import type { Records } from './records.ts';
import { createRemovals } from './removals.ts';
import { createRenewals, type Renewals } from './renewals.ts';
import { createSelfCheck } from './self-check.ts';
import type { CheckView, EventDetail } from './snapshot.ts';
import type { Task } from './task.ts';

/** The parts of a peer that its upkeep works with. */
export interface UpkeepOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly log: Log;
  readonly links: Links;
  readonly membership: Membership;
  readonly records: Records;
  readonly keepers: Pick<Keepers, 'of' | 'nextMs'>;
  readonly shards: ShardStore;
  readonly meta: MetaStore;
  readonly claims: OwnClaims;
  readonly lenders: Lenders;
  readonly authority: Authority;
  readonly files: Files;
  readonly ownFiles: OwnFiles;
  readonly heartbeats: Pick<OwnHeartbeats, 'soon'>;
  readonly changes: Changes;
  readonly codec: Codec;
  /** What a peer did that cannot be by accident. */
  readonly verdict: (verdict: Verdict) => void;
  readonly policy: Policy;
  readonly changed: Changed;
  readonly event: (event: EventDetail) => void;
  /** Ends with the peer. */
  readonly task: Task;
}

/**
 * What a peer does beside storing files of its own: it reads, looks after what it holds and what it keeps the records of. Made before the
 * first link, so that no request comes too early; a page fetches its code apart (decision 0019).
 */
export interface Upkeep {
  /** Begins, once what is held and what is owned is known. */
  start(): void;
  /** A record kept here is another one than `before` now. */
  merged(record: RecordState, before: RecordState | undefined): void;
  /** It is kept here no more. */
  forgotten(recordKey: string): void;
  /** This record could not be put at this peer, which takes no more at the moment. */
  putOff(node: string, recordKey: string): void;
  /** The swarm changed, in more than figures. */
  changed(): void;
  /** A peer said that it leaves. */
  left(): void;
  /** Signaling came back after it was lost. */
  rejoined(): void;
  check(): CheckView;
  /** Whether somebody's object would be at risk without this peer (SPEC HOLD-9). */
  needed(): boolean;
  /** The links opened here. */
  readonly receives: Receives;
  readonly remove: Deletions['remove'];
  readonly abandon: Deletions['abandon'];
  readonly renew: Renewals['renew'];
  /** Removes what is held of one object, by its record key, or of `all`, because the person here wants it gone (SPEC LEASE-4). */
  letGo(which: string): Promise<Freed>;
}

export function createUpkeep(options: UpkeepOptions): Upkeep {
  const { log, links, lenders, heartbeats, changed, event } = options;
  const settled = (): Promise<void> => lenders.settled();
  const usageChanged = (): void => {
    heartbeats.soon();
    changed('figures');
  };
  const needed = createNeeded({ ...options, self: links.self, told: options.changed });
  const confessions = createConfessions({ ...options, settled });
  const selfCheck = createSelfCheck({
    ...options,
    lost({ segment, shard }, recordKey) {
      confessions.add(recordKey);
      heartbeats.soon();
      event({ kind: 'hold', what: 'lost', segment, shard });
    },
  });

  const held = createHeldObjects({ ...options, freed: usageChanged, turned: (recordKey) => keeping.turned(recordKey) });
  const budget = createRecordBudget(options.clock);
  const keeping = createRecordKeeping({ ...options, held, owns: options.files.owns, budget });
  const removals = createRemovals({ ...options, held, budget });
  const collect = createCollect({ ...options, held, confessions, settled });
  extendLeases({ ...options, held });
  hold({
    ...options,
    admission: createAdmission({ ...options, held, removals }),
    descriptors: createDescriptors(options.crypto),
    usageChanged,
    stored(place, from) {
      collect.committed(place.contentRoot);
      event({ kind: 'hold', what: 'stored', node: from, segment: place.segment, shard: place.shard });
      changed('figures');
    },
  });
  const deletions = createDeletions(options);
  const renewals = createRenewals(options);
  const receives = createReceives({ ...options, floors: createFloors(options) });

  /** What goes on until the peer ends, each on its own. */
  const go = (what: string, work: Promise<void>): void => {
    work.catch((error: unknown) => {
      if (errorCode(error) !== 'cancelled') log('error', what, { code: errorCode(error) });
    });
  };
  const lookAfterHeld = async (): Promise<void> => {
    await held.start();
    await removals.start();
    await collect.start();
  };

  return {
    start() {
      void selfCheck.run();
      keeping.start();
      go('records not read', needed.start());
      go('what is held not looked after', lookAfterHeld());
      go('deletions not gone on with', deletions.start());
      go('leases not renewed', renewals.start());
    },
    merged(record, before) {
      needed.merged(record);
      keeping.merged(record, before);
      removals.merged(record);
      collect.merged(record);
    },
    forgotten: (recordKey) => keeping.forgotten(recordKey),
    putOff: (node, recordKey) => keeping.putOff(node, recordKey),
    changed() {
      needed.changed();
      keeping.changed();
    },
    left: () => keeping.changed(true),
    rejoined: () => keeping.rejoined(),
    check: () => selfCheck.view(),
    needed: () => needed.value(),
    receives,
    remove: deletions.remove,
    abandon: deletions.abandon,
    renew: renewals.renew,
    letGo: (which) => letGo({ held, confessions }, which),
  };
}
