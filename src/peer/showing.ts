import type { Changed } from './changes.ts';
import type { Clock } from './ports.ts';

/** Least time between two snapshots, by what changed (SPEC SNAP-1, SNAP-3). */
const snapshotMs = { state: 100, figures: 250 };

/**
 * Calls `show` after changes: after one of a state at once, but at most 10 times a second; while only figures move, 4 times a second,
 * because the page draws anew for each, on the machine that codes and sends what they tell of.
 */
export function createShowing(clock: Clock, show: () => void): Changed {
  let shownMs = -Infinity;
  let dueMs = Infinity;
  let cancel = (): void => {};

  return (what = 'state') => {
    const leastMs = snapshotMs[what];
    const now = clock.now();
    // Of a clock that was set back the last time shown lies ahead: it must not silence the peer.
    const waitMs = Math.min(leastMs, Math.max(0, shownMs + leastMs - now));
    if (now + waitMs >= dueMs) return;
    cancel();
    dueMs = now + waitMs;
    cancel = clock.timer(waitMs, () => {
      dueMs = Infinity;
      shownMs = clock.now();
      show();
    });
  };
}
