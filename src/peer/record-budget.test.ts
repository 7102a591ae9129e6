import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { createRecordBudget } from './record-budget.ts';

test('[REC-11] while a sync waits for its turns 40 at once are left for what cannot wait, and 20 a second', async () => {
  const clock = virtualClock(drain);
  const budget = createRecordBudget(clock);
  let turns = 0;
  const sync = async (): Promise<void> => {
    for (; turns < 400; turns++) await budget.turn('a');
  };
  /** How many of these many are taken at once. */
  const taken = (count: number): number => {
    let some = 0;
    try {
      for (; some < count; some++) budget.take('a');
    } catch (error) {
      expect(error).toMatchObject({ code: 'busy' });
    }
    return some;
  };
  const syncing = sync();
  await clock.run(clock.now() + 2_000);
  expect(turns).toBe(200);
  expect(taken(100)).toBe(40);
  // Those came first: the sync waits until they are made up for.
  await clock.run(clock.now() + 1_000);
  expect([turns, taken(100)]).toEqual([200, 20]);
  await clock.run(clock.now() + 12_000);
  await syncing;
  expect(turns).toBe(400);
});
