import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTask } from './task.ts';
import { createTurns, largeFileBytes, largeUploadsMax, nextInLine, type Turn, uploadsMax } from './turns.ts';

const small = 1_000;
const large = largeFileBytes + 1;

/** Whose turn it is among files that never had theirs. */
const next = (running: number[], line: number[], resting: number[] = []) =>
  nextInLine(
    running,
    resting,
    line.map((bytes) => ({ bytes, again: false })),
  );

test('[UP-9] at most four uploads are under way, in the order in which they came', () => {
  expect(next([], [])).toBeUndefined();
  expect(next([small, small, small], [small, large])).toBe(0);
  expect(next([small, small, small, small], [small])).toBeUndefined();
});

test('[UP-9] three of them may be of large files: a small one passes the large ones that wait', () => {
  expect(next([large, large], [large, small])).toBe(0);
  expect(next([large, large, large], [large, large, small])).toBe(2);
  expect(next([large, large, large], [large])).toBeUndefined();
  expect(next([large, large, large, small], [small])).toBeUndefined();
});

test('[UP-9] one that rests leaves its room to smaller files and to no others', () => {
  const four = (bytes: number) => [bytes, bytes, bytes, bytes];
  expect(next([], [small], four(small))).toBeUndefined();
  expect(next([], [small + 1], four(small))).toBeUndefined();
  expect(next([], [small, small - 1], four(small))).toBe(1);
  expect(next(four(small), [small - 1], four(small))).toBeUndefined();
  expect(next([small], [small], [small, small])).toBe(0);
  expect(next([], [large, large - 1], [large, large, large])).toBe(1);
  // Whom somebody can take again is held up by those under way alone.
  expect(nextInLine([large, large], four(small), [{ bytes: large, again: true }])).toBe(0);
  expect(nextInLine([large, large, large], [], [{ bytes: large, again: true }])).toBeUndefined();
});

test('[UP-9] whatever is dropped, rests and comes again: the bounds hold, everyone gets a turn, none of a size is passed by a later one', async () => {
  const sizes = fc.array(fc.constantFrom(small, small + 1, large, large + 1), { minLength: 1, maxLength: 40 });
  const moves = fc.infiniteStream(fc.tuple(fc.constantFrom('end', 'end', 'rest', 'again'), fc.nat(1_000)));
  await fc.assert(
    fc.asyncProperty(sizes, moves, async (dropped, choices) => {
      const turns = createTurns();
      const tasks = dropped.map(() => createTask('ended'));
      const taken: (Turn | undefined)[] = [];
      const running = new Set<number>();
      const resting = new Set<number>();
      const begun: number[] = [];
      dropped.forEach((bytes, i) => void turns.take(bytes, tasks[i]!).then((turn) => ((taken[i] = turn), running.add(i), begun.push(i))));
      const one = (of: Set<number>, choice: number): number | undefined => [...of][choice % of.size];
      const move = ([what, choice]: readonly [string, number]): boolean => {
        const i = one(what === 'again' ? resting : running, choice);
        if (i === undefined) return false;
        if (what === 'again') {
          resting.delete(i);
          void taken[i]!.again().then(() => running.add(i));
        } else {
          running.delete(i);
          if (what === 'end') tasks[i]!.end();
          else taken[i]!.rest();
          if (what === 'rest') resting.add(i);
        }
        return true;
      };
      for (let moved = 0; moved < 6 * dropped.length; moved++) {
        await new Promise((resolve) => void setImmediate(resolve));
        expect(running.size).toBeLessThanOrEqual(uploadsMax);
        expect([...running].filter((i) => dropped[i]! > largeFileBytes).length).toBeLessThanOrEqual(largeUploadsMax);
        const smallest = Math.min(...[...resting].map((i) => dropped[i]!));
        for (const i of begun.filter((each) => !running.has(each) && !resting.has(each))) expect(taken[i]!.resting).toBe(false);
        if (running.size === 0) expect(dropped.filter((bytes, i) => taken[i] === undefined && bytes < smallest)).toEqual([]);
        move(choices.next().value as [string, number]);
      }
      // Whatever is left ends in the end.
      while (running.size + resting.size > 0) {
        if (!move(['end', 0])) move(['again', 0]);
        await new Promise((resolve) => void setImmediate(resolve));
      }
      expect(begun).toHaveLength(dropped.length);
      for (const bytes of new Set(dropped)) {
        const order = begun.filter((i) => dropped[i] === bytes);
        expect(order).toEqual(order.toSorted((x, y) => x - y));
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

test('[UP-9, UP-7] one that is given up while it rests, or comes again, leaves no turn taken', async () => {
  const turns = createTurns();
  const [first, second, ...others] = Array.from({ length: 2 + uploadsMax }, () => createTask('ended'));
  const turn = await turns.take(small, first!);
  const other = await turns.take(small, second!);
  turn.rest();
  other.rest();
  for (const task of others) await turns.take(small - 1, task);
  const again = turn.again();
  first!.end();
  await expect(again).rejects.toMatchObject({ code: 'cancelled' });
  await expect(turn.again()).rejects.toMatchObject({ code: 'cancelled' });
  second!.end();
  for (const task of others) task.end();
  await Promise.all(others.map(() => turns.take(small, createTask('ended'))));
});
