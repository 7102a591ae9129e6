import type { Clock } from './ports.ts';

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
