import { eligibleInMs, type KeeperCandidate, type KeeperView, keepersOf, keeperView } from '../core/placement/keepers.ts';
import type { Membership } from './membership.ts';
import type { Clock } from './ports.ts';

/** What heartbeats say changes all the time: a view serves for so long, unless somebody comes or goes. */
const freshMs = 5_000;
/** Keepers are remembered while those are the same who may be one, of so many records. */
const rememberedMax = 4_096;

/** Who keeps which record, as far as this peer knows who is there: linked or not, itself among them (SPEC KEEP-*). */
export interface Keepers {
  /** The keepers of a record now: eligible peers before others, nearest to its key first. */
  of(recordKey: string): readonly string[];
  /** How long until the next of those known has been up for long enough to be eligible, ms; Infinity where all have. Nobody says when. */
  nextMs(): number;
  /** Somebody came or went. */
  changed(): void;
}

export function createKeepers(options: {
  readonly clock: Clock;
  /** Own NodeId. */
  readonly self: string;
  readonly membership: Pick<Membership, 'peers'>;
}): Keepers {
  const { clock, self, membership } = options;
  const startedMs = clock.now();
  const known = new Map<string, readonly string[]>();
  let view: KeeperView = { eligible: [], others: [] };
  let lookedMs = -Infinity;

  const candidates = (): KeeperCandidate[] => {
    const others = membership.peers().filter(({ state }) => state === 'live' || state === 'suspect');
    return [...others, { node: self, upMs: clock.now() - startedMs }];
  };

  const look = (): void => {
    const now = keeperView(candidates());
    lookedMs = clock.now();
    if (isSame(view.eligible, now.eligible) && isSame(view.others, now.others)) return;
    view = now;
    known.clear();
  };

  return {
    of(recordKey) {
      if (clock.now() - lookedMs >= freshMs) look();
      const before = known.get(recordKey);
      if (before !== undefined) return before;
      if (known.size === rememberedMax) known.clear();
      const found = keepersOf(view, recordKey);
      known.set(recordKey, found);
      return found;
    },
    nextMs: () =>
      Math.min(
        ...candidates()
          .map(eligibleInMs)
          .filter((ms) => ms > 0),
      ),
    changed: () => void (lookedMs = -Infinity),
  };
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((node, i) => node === b[i]);
