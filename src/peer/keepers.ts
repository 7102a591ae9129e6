import { eligibleInMs, type KeeperCandidate, type KeeperView, keepersOf, keeperView } from '../core/placement/keepers.ts';
import type { Membership } from './membership.ts';
import type { Clock } from './ports.ts';

/** What heartbeats say changes all the time: a view serves for so long, unless somebody comes or goes. */
const freshMs = 5_000;

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
  let view: KeeperView | undefined;
  let lookedMs = 0;

  const candidates = (): KeeperCandidate[] => {
    const others = membership.peers().filter(({ state }) => state === 'live' || state === 'suspect');
    return [...others, { node: self, upMs: clock.now() - startedMs }];
  };

  return {
    of(recordKey) {
      if (view === undefined || clock.now() - lookedMs >= freshMs) {
        view = keeperView(candidates());
        lookedMs = clock.now();
      }
      return keepersOf(view, recordKey);
    },
    nextMs: () =>
      Math.min(
        ...candidates()
          .map(eligibleInMs)
          .filter((ms) => ms > 0),
      ),
    changed: () => void (view = undefined),
  };
}
