import { expect, test } from 'vitest';
import { inLanes } from './lanes.ts';

test('[SEAL-3] everything runs once, in order, never more at once than there are lanes', async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await inLanes(10, 3, async (index) => {
    begun.push(index);
    most = Math.max(most, ++running);
    for (let i = 0; i <= index % 3; i++) await Promise.resolve();
    running--;
  });
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(3);
});

test('[SEAL-3] after a failure nothing new begins, and it is thrown when all has ended', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const run = inLanes(10, 2, async (index) => {
    begun.push(index);
    if (index === 2) throw new Error('third');
    for (let i = 0; i < 5; i++) await Promise.resolve();
    ended.push(index);
  });
  await expect(run).rejects.toThrow('third');
  expect(begun.length).toBeLessThanOrEqual(4);
  expect(ended).toHaveLength(begun.length - 1);
});
