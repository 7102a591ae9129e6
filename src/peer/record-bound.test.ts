import { expect, test } from 'vitest';
import { createRecordBound, forgettingOrder, type Kept } from './record-bound.ts';

const key = (start: string): string => start.padEnd(64, '0');
const self = key('00');
const kept = (isClaimed: boolean, bytes = 100): Kept => ({ bytes, isClaimed });

test('[REC-10] what nobody claims goes first, and among equals what is farthest', () => {
  const all = new Map([
    [key('01'), kept(false)],
    [key('02'), kept(true)],
    [key('f1'), kept(false)],
    [key('f2'), kept(true)],
  ]);
  expect(forgettingOrder(self, all)).toEqual(['f1', '01', 'f2', '02'].map(key));
});

test('[REC-10] past a bound records go until 98 % of it are left, those that stay whatever comes left out', async () => {
  const bound = createRecordBound(self, 100);
  const keys = Array.from({ length: 101 }, (_, i) => key(i.toString(16).padStart(2, '0')));
  for (const each of keys.slice(1)) bound.set(each, kept(true));
  expect(bound.isPassed()).toBe(false);
  bound.set(keys[0]!, kept(true));
  expect(bound.isPassed()).toBe(true);
  const asked: string[] = [];
  await bound.trim(async (recordKey) => {
    asked.push(recordKey);
    if (recordKey !== keys[100]) bound.set(recordKey, undefined);
  });
  expect(asked).toEqual([100, 99, 98, 97].map((i) => keys[i]));
  // And by bytes.
  bound.set(keys[1]!, kept(true, 268_435_456));
  expect(bound.isPassed()).toBe(true);
});
