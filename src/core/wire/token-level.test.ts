import { expect, test } from 'vitest';
import { tokenLevel } from './token-level.ts';

test('[RATE-2] tokens refill up to the burst, what was owed first', () => {
  let nowMs = 0;
  const level = tokenLevel({ perSecond: 10, burst: 5 }, () => nowMs);
  expect(level.left()).toBe(5);
  level.spend(20);
  expect(level.left()).toBe(-15);
  nowMs = 1_000;
  expect(level.left()).toBe(-5);
  level.spend(-3);
  expect(level.left()).toBe(-2);
  nowMs = 60_000;
  expect(level.left()).toBe(5);
  level.spend(-3);
  expect(level.left()).toBe(5);
});

test('[RATE-2] a clock that is set back does not make what may go wait for the time it was set back by', () => {
  let nowMs = 3_600_000;
  const level = tokenLevel({ perSecond: 10, burst: 5 }, () => nowMs);
  nowMs = 0;
  expect(level.left()).toBe(5);
  level.spend(10);
  nowMs = 500;
  expect(level.left()).toBe(0);
});
