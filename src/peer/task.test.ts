import { expect, test } from 'vitest';
import { virtualClock } from '../platform/memory/clock.ts';
import { drain } from '../../test/links-world.ts';
import { createChanges } from './changes.ts';
import { deferred } from './links/deferred.ts';
import { createTask } from './task.ts';

const cancelled = expect.objectContaining({ code: 'cancelled', message: 'gone' });

test('[TASK-1] work raced in a task gives what it gives, or cancelled as soon as the task ends', async () => {
  const task = createTask('gone');
  expect(await task.race(Promise.resolve(1))).toBe(1);
  await expect(task.race(Promise.reject(new Error('own')))).rejects.toThrow('own');
  const endless = task.race(new Promise(() => {}));
  task.end();
  await expect(endless).rejects.toEqual(cancelled);
  await expect(task.race(Promise.resolve(1))).rejects.toEqual(cancelled);
  expect(() => task.requireGoing()).toThrow(cancelled);
});

test('[TASK-2] who listens for the end is told once, also when it comes late, and not when it has taken that back', () => {
  const task = createTask('gone');
  const told: string[] = [];
  task.onEnd(() => told.push('early'));
  task.onEnd(() => told.push('taken back'))();
  task.end();
  task.end();
  task.onEnd(() => told.push('late'));
  expect(told).toEqual(['early', 'late']);
});

test('[TASK-3] a wait for changes ends with the next one or after its time, and leaves no timer', async () => {
  const clock = virtualClock(drain);
  const changes = createChanges(clock);
  const woken: string[] = [];
  const wait = (name: string, mostMs?: number): void => void changes.next(mostMs).then(() => woken.push(name));
  wait('endless');
  wait('short', 1_000);
  wait('long', 5_000);
  await clock.run(clock.now() + 2_000);
  expect(woken).toEqual(['short']);
  changes.notify();
  const began = clock.now();
  await clock.runUntil(() => false, began + 60_000);
  expect(woken).toEqual(['short', 'endless', 'long']);
  const again = deferred<void>();
  void changes.next().then(again.resolve);
  changes.notify();
  await again.promise;
});
