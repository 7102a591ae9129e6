import type { Clock } from './ports.ts';

/** Notices that nothing happened for a while. */
export interface IdleWatch {
  /** Something happened, or the waiting begins. */
  touch(): void;
  /** Nothing is waited for any more. */
  stop(): void;
}

/**
 * Calls `idle` when `touch` was last called `ms` ago, once for each such silence. However often it is touched there is one timer: what
 * happens hundreds of times a second cannot have one each, which is garbage by the megabyte.
 */
export function watchIdle(clock: Clock, ms: number, idle: () => void): IdleWatch {
  let touchedMs = 0;
  let stopTimer: (() => void) | undefined;

  const arm = (afterMs: number): void => {
    stopTimer = clock.timer(afterMs, look);
  };
  const look = (): void => {
    stopTimer = undefined;
    const leftMs = touchedMs + ms - clock.now();
    if (leftMs > 0) arm(leftMs);
    else idle();
  };

  return {
    touch() {
      touchedMs = clock.now();
      if (stopTimer === undefined) arm(ms);
    },
    stop() {
      stopTimer?.();
      stopTimer = undefined;
    },
  };
}
