import type { Clock } from '../../peer/ports.ts';

/** The Clock of a tab and its workers: the machine's time and the thread's timers. */
export const wallClock: Clock = {
  now: () => Date.now(),
  timer(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
