import type { Clock } from './ports.ts';

/** Tells that what the peer shows is another now: a state of something, or only figures, such as bytes that moved. */
export type Changed = (what?: 'state' | 'figures') => void;

/** A place to wait until something changed, whatever it was. */
export interface Changes {
  notify(): void;
  /** Resolves at the next `notify`, or after `mostMs` without one. */
  next(mostMs?: number): Promise<void>;
}

export function createChanges(clock: Clock): Changes {
  const waiting = new Set<() => void>();
  return {
    notify() {
      for (const wake of [...waiting]) wake();
    },
    next: (mostMs) =>
      new Promise((resolve) => {
        let stopTimer = (): void => {};
        const wake = (): void => {
          stopTimer();
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        if (mostMs !== undefined) stopTimer = clock.timer(mostMs, wake);
      }),
  };
}
