import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { watchIdle } from './idle.ts';

test('[UP-2] a silence is noticed when it is as long as was said, and never while something happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(150), { maxLength: 20 }), async (gapsMs) => {
      const clock = virtualClock(drain);
      const noticed: number[] = [];
      const watch = watchIdle(clock, 100, () => noticed.push(clock.now()));
      const expected: number[] = [];
      for (const gapMs of gapsMs) {
        const touchedMs = clock.now();
        watch.touch();
        await clock.run(touchedMs + gapMs);
        if (gapMs >= 100) expected.push(touchedMs + 100);
      }
      expect(noticed).toEqual(expected);
      watch.stop();
      await clock.run(clock.now() + 1_000);
      expect(noticed).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('[UP-2] a thousand signs of life within one silence take two timers', async () => {
  const clock = virtualClock(drain);
  let timers = 0;
  const counted = { ...clock, now: () => clock.now(), timer: (ms: number, run: () => void) => (timers++, clock.timer(ms, run)) };
  const watch = watchIdle(counted, 10_000, () => {});
  for (let i = 0; i < 1_000; i++) {
    watch.touch();
    await clock.run(clock.now() + 15);
  }
  expect(timers).toBeLessThanOrEqual(2);
});
