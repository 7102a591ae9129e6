import { expect, test } from 'vitest';
import { clockOffsetIn, isLoopbackHost, parseOffset } from './clock-offset.ts';
import { offsetClock, wallClock } from './wall-clock.ts';

const day = 86_400_000;

test('[CONF-9] a time ahead is a number of milliseconds, seconds, minutes, hours or days, at most ten years', () => {
  expect(['31d', '12h', '30m', '10s', '250', '0'].map(parseOffset)).toEqual([31 * day, day / 2, 1_800_000, 10_000, 250, 0]);
  for (const none of ['', '-1d', '1.5h', '31 d', '1w', '3651d', '9999999999d']) expect(parseOffset(none), none).toBeUndefined();
});

test('[CONF-9] the address of a page moves its clock on this machine alone', () => {
  for (const hostname of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
    expect(clockOffsetIn({ hostname, search: '?profile=a&clock=31d' }), hostname).toBe(31 * day);
  for (const hostname of ['shoal.example.org', '192.168.1.2', '127.0.0.1.example.org', 'localhost.example.org', '[::2]', '10.0.0.1'])
    expect(clockOffsetIn({ hostname, search: '?profile=a&clock=31d' }), hostname).toBe(0);
  for (const search of ['', '?clock=31d', '?profile=&clock=31d', '?profile=a&clock=', '?profile=a&clock=soon'])
    expect(clockOffsetIn({ hostname: 'localhost', search })).toBe(0);
  expect(isLoopbackHost('')).toBe(false);
});

test('[CONF-9] a clock that is ahead has the timers of the one below', async () => {
  const clock = offsetClock(wallClock, 31 * day);
  const ahead = clock.now() - wallClock.now();
  expect(ahead).toBeGreaterThanOrEqual(31 * day);
  expect(ahead).toBeLessThan(31 * day + 60_000);
  await new Promise<void>((resolve) => clock.timer(1, resolve));
});
