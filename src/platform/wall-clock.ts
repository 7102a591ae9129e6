import type { Clock } from '../peer/ports.ts';

/** The Clock of a tab, its workers and a Node peer: the machine's time and the timers of the thread. */
export const wallClock: Clock = {
  now: () => Date.now(),
  timer(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock that is `ms` ahead of another one: what comes in a month can be looked at now. */
export const offsetClock = (clock: Clock, ms: number): Clock => ({ ...clock, now: () => clock.now() + ms });
