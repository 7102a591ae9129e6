import type { Clock } from './ports.ts';

/** Waits until `work` settles, however it does, but `ms` at most. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  let stopTimer = (): void => {};
  const late = new Promise<void>((resolve) => {
    stopTimer = clock.timer(ms, resolve);
  });
  await Promise.race([Promise.allSettled([work]), late]);
  stopTimer();
}
