import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { createRefreshes } from './refreshes.ts';
import { createTask } from './task.ts';

const hourMs = 3_600_000;
const key = (i: number): Uint8Array => new Uint8Array(32).fill(i);

/** Looks at records that take `takesMs` each. */
function looks(takesMs: number) {
  const clock = virtualClock(drain);
  const startMs = clock.now();
  const asked: { readonly key: number; readonly ms: number }[] = [];
  let atOnce = 0;
  let most = 0;
  const task = createTask('over');
  const refresh = async (objectKey: Uint8Array): Promise<void> => {
    asked.push({ key: objectKey[0]!, ms: clock.now() - startMs });
    most = Math.max(most, ++atOnce);
    await new Promise<void>((resolve) => void clock.timer(takesMs, resolve));
    atOnce--;
  };
  const refreshes = createRefreshes({ clock, random: seededRandom('looks'), records: { refresh }, log: () => {}, task });
  return { refreshes, asked, task, most: () => most, pass: (ms: number) => clock.run(clock.now() + ms) };
}

test('[REC-7] a record is looked at a minute after it was first wanted, then every hour, more or less by a quarter', async () => {
  const { refreshes, asked, pass } = looks(10);
  refreshes.watch(key(1), 60_000);
  refreshes.watch(key(1), 1);
  await pass(10 * hourMs);
  const gaps = asked.map(({ ms }, i) => ms - (asked[i - 1]?.ms ?? 0));
  expect(gaps[0]).toBeGreaterThanOrEqual(45_000);
  expect(gaps[0]).toBeLessThanOrEqual(75_000);
  for (const gap of gaps.slice(1)) expect(Math.abs(gap - hourMs)).toBeLessThanOrEqual(hourMs / 4 + 1);
  expect(gaps.length).toBeGreaterThanOrEqual(8);
});

test('[REC-7] of many records 8 are looked at at once, and each in its turn', async () => {
  const { refreshes, asked, pass, most } = looks(1_000);
  for (let i = 0; i < 100; i++) refreshes.watch(key(i), 1_000);
  await pass(30_000);
  expect(most()).toBe(8);
  expect(new Set(asked.map((each) => each.key)).size).toBe(100);
  expect(asked.length).toBe(100);
});

test('[REC-7] when signaling is back a record is looked at after 10 s, not within 5 minutes of the time before', async () => {
  const { refreshes, asked, pass } = looks(10);
  refreshes.watch(key(1));
  await pass(100_000);
  refreshes.soon();
  await pass(199_000);
  expect(asked).toEqual([]);
  await pass(1_000);
  expect(asked.map(({ ms }) => ms)).toEqual([300_000]);
  await pass(600_000);
  refreshes.soon();
  refreshes.soon();
  await pass(20_000);
  expect(asked.map(({ ms }) => ms)).toEqual([300_000, 910_000]);
});

test('[REC-7] what is not wanted any more is not looked at, and nothing after the end', async () => {
  const { refreshes, asked, pass, task } = looks(10);
  refreshes.watch(key(1), 1_000);
  refreshes.unwatch('no such record');
  task.end();
  refreshes.watch(key(2), 1);
  await pass(10 * hourMs);
  expect(asked).toEqual([]);
});
