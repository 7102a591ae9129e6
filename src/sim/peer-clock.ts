import type { Clock } from '../peer/ports.ts';

/** How the clock of a machine goes wrong. It goes on so over restarts. */
export interface Skew {
  /** How far it is ahead of true time at `sinceMs`, ms. */
  readonly offsetMs: number;
  /** How much faster than true time it runs, millionths. */
  readonly driftPpm: number;
  /** True time from which it drifts. */
  readonly sinceMs: number;
}

/** The clock of one peer's process: it may be wrong, freeze with all that the process does, and die with it (SPEC SIM-6). */
export interface PeerClock extends Clock {
  /** Something reaches the process from outside: now, or in the order of coming once it has thawed; never when it is dead. */
  enter(run: () => void): void;
  /** Whether what enters now runs at once: then it may as well run without `enter`. */
  readonly isOpen: boolean;
  /** Nothing runs in the process until `thaw`: a machine that sleeps, a tab that the browser holds. */
  freeze(): void;
  /** All that waited happens, in order. */
  thaw(): void;
  /** Sets the clock: it jumps. */
  set(skew: Skew): void;
  /** The process is dead: nothing of it ever runs again. */
  end(): void;
  readonly isFrozen: boolean;
  readonly isDead: boolean;
}

/** @param base true time */
export function peerClock(base: Clock, skew: Skew = { offsetMs: 0, driftPpm: 0, sinceMs: base.now() }): PeerClock {
  let { offsetMs, driftPpm, sinceMs } = skew;
  let isFrozen = false;
  let isDead = false;
  /** What came while it was frozen, and since then as long as something of that is left. */
  let waiting: { run: (() => void) | undefined }[] = [];

  /** One after another, each an event of its own: what follows from one has happened before the next. */
  const next = (): void => {
    if (isFrozen) return;
    const first = waiting.shift();
    // Set before it runs: what comes of it comes after all that waits.
    if (waiting.length > 0) base.timer(0, next);
    first?.run?.();
  };

  const enter = (run: () => void): { run: (() => void) | undefined } | undefined => {
    if (isDead) return undefined;
    if (!isFrozen && waiting.length === 0) {
      run();
      return undefined;
    }
    const late = { run };
    waiting.push(late);
    return late;
  };

  return {
    get isOpen() {
      return !isFrozen && !isDead && waiting.length === 0;
    },
    get isFrozen() {
      return isFrozen;
    },
    get isDead() {
      return isDead;
    },
    now: () => Math.floor(base.now() + offsetMs + ((base.now() - sinceMs) * driftPpm) / 1_000_000),
    timer(ms, run) {
      let late: { run: (() => void) | undefined } | undefined;
      const cancel = base.timer(Math.max(0, ms) / (1 + driftPpm / 1_000_000), () => {
        late = enter(run);
      });
      return () => {
        cancel();
        if (late !== undefined) late.run = undefined;
      };
    },
    enter: (run) => void enter(run),
    freeze() {
      isFrozen = true;
    },
    thaw() {
      if (!isFrozen) return;
      isFrozen = false;
      if (waiting.length > 0) base.timer(0, next);
    },
    set(now) {
      ({ offsetMs, driftPpm, sinceMs } = now);
    },
    end() {
      isDead = true;
      waiting = [];
    },
  };
}
