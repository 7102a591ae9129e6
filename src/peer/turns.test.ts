import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTask } from './task.ts';
import { createTurns, largeFileBytes, largeUploadsMax, nextInLine, uploadsMax } from './turns.ts';

const small = 1_000;
const large = largeFileBytes + 1;

test('[UP-9] at most four uploads are under way, in the order in which they came', () => {
  expect(nextInLine([], [])).toBeUndefined();
  expect(nextInLine([small, small, small], [small, large])).toBe(0);
  expect(nextInLine([small, small, small, small], [small])).toBeUndefined();
});

test('[UP-9] three of them may be of large files: a small one passes the large ones that wait', () => {
  expect(nextInLine([large, large], [large, small])).toBe(0);
  expect(nextInLine([large, large, large], [large, large, small])).toBe(2);
  expect(nextInLine([large, large, large], [large])).toBeUndefined();
  expect(nextInLine([large, large, large, small], [small])).toBeUndefined();
});

test('[UP-9] whatever is dropped: the bounds hold, everyone gets a turn, and none of a size is passed by a later one of it', async () => {
  const sizes = fc.array(fc.constantFrom(small, large), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.infiniteStream(fc.nat(uploadsMax - 1)), async (dropped, choices) => {
      const turns = createTurns();
      const running: number[] = [];
      const begun: number[] = [];
      const tasks = dropped.map(() => createTask('ended'));
      dropped.forEach((bytes, i) => void turns.take(bytes, tasks[i]!).then(() => (running.push(i), begun.push(i))));
      await Promise.resolve();
      for (let ended = 0; ended < dropped.length; ended++) {
        await new Promise((resolve) => void setImmediate(resolve));
        expect(running.length).toBeLessThanOrEqual(uploadsMax);
        expect(running.filter((i) => dropped[i] === large).length).toBeLessThanOrEqual(largeUploadsMax);
        const [over] = running.splice((choices.next().value as number) % running.length, 1);
        tasks[over!]!.end();
      }
      expect(begun).toHaveLength(dropped.length);
      for (const bytes of [small, large]) {
        const order = begun.filter((i) => dropped[i] === bytes);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 50 },
  );
});

test('[UP-9, UP-7] one that is given up while it waits leaves the line at once, and takes no turn', async () => {
  const turns = createTurns();
  const tasks = Array.from({ length: uploadsMax + 2 }, () => createTask('ended'));
  const taken = tasks.map((task) => turns.take(small, task));
  tasks[uploadsMax]!.end();
  await expect(taken[uploadsMax]).rejects.toMatchObject({ code: 'cancelled' });
  tasks[0]!.end();
  await taken[uploadsMax + 1];
});
