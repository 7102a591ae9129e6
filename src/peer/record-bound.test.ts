import { expect, test } from 'vitest';
import type { RecordState } from '../core/record/record.ts';
import { createRecordBound, forgettingOrder, type Kept, statementBytes } from './record-bound.ts';

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

test('[REC-10] past a bound records go until 98 % of it are left', async () => {
  const bound = createRecordBound({ self, recordsMax: 100, stays: () => false });
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

test('[REC-10] what stays whatever comes does not count, from when that is said', async () => {
  const staying = new Set([key('01'), key('02')]);
  const bound = createRecordBound({ self, recordsMax: 1, stays: (recordKey) => staying.has(recordKey) });
  for (const each of ['01', '02', '03']) bound.set(key(each), kept(true, 268_435_456));
  expect(bound.isPassed()).toBe(false);
  staying.delete(key('02'));
  bound.set(key('02'), kept(false));
  expect(bound.isPassed()).toBe(true);
  staying.add(key('03'));
  bound.set(key('03'), undefined);
  expect(bound.isPassed()).toBe(false);
});

test('[REC-10] of a record all its statements count', () => {
  const signed = (length: number) => ({ signed: new Uint8Array(length) });
  const heads = [
    { ...signed(1), claims: new Map([['holder', signed(20)]]) },
    { ...signed(300), claims: new Map() },
  ];
  const record = { heads, renewal: signed(4_000), tombstone: signed(50_000) } as object as RecordState;
  expect(statementBytes(record)).toBe(54_321);
});
