import { expect, test } from 'vitest';
import { type Entry, forgettable, seenUpMs, stateAfter, unmet } from './peer-state.ts';

const entry = (part: Partial<Entry>): Entry => ({ ...unmet(), state: 'live', ...part });

test('[MEM-1, MEM-5] silence makes a peer suspect, away, and forgotten; an introduced one is never forgotten', () => {
  const after = (ms: number, part: Partial<Entry> = {}) => stateAfter(entry(part), ms);
  expect([74_999, 75_000, 149_999, 150_000].map((ms) => after(ms))).toEqual(['live', 'suspect', 'suspect', 'away']);
  expect(after(899_999, { state: 'away' })).toBe('away');
  expect(after(900_000, { state: 'away' })).toBe('forgotten');
  expect(after(900_000, { state: 'away', endedMs: 1 })).toBe('away');
  expect(after(900_000, { state: 'away', introduced: true })).toBe('away');
  expect(after(900_000, { state: 'connecting' })).toBe('connecting');
});

test('[MEM-5] for one more peer the first that is away makes room, then one known by hearsay, then one without a link; never a linked one', () => {
  const linked: readonly [string, Entry] = ['linked', entry({})];
  const introduced: readonly [string, Entry] = ['introduced', entry({ state: 'connecting', introduced: true })];
  const hearsay: readonly [string, Entry] = ['hearsay', entry({})];
  const away: readonly [string, Entry] = ['away', entry({ state: 'away', introduced: true })];
  const isLinked = (node: string): boolean => node === 'linked';
  expect(forgettable([linked, introduced, hearsay, away], isLinked)).toBe('away');
  expect(forgettable([linked, introduced, hearsay], isLinked)).toBe('hearsay');
  expect(forgettable([linked, introduced], isLinked)).toBe('introduced');
  expect(forgettable([linked], isLinked)).toBeUndefined();
});

test('[KEEP-1] how long a peer is up was seen here, or it says less; of those met in the first 2 minutes 13 minutes have to pass for that', () => {
  const dayMs = 86_400_000;
  const minuteMs = 60_000;
  const up = (saidUpMs: number, sinceMs: number, nowMs: number) => seenUpMs(entry({ saidUpMs, sinceMs }), nowMs, 0);
  expect([up(dayMs, 5 * minuteMs, 6 * minuteMs), up(10, 5 * minuteMs, 6 * minuteMs)]).toEqual([minuteMs, 10]);
  expect([up(dayMs, minuteMs, 12 * minuteMs), up(dayMs, minuteMs, 13 * minuteMs)]).toEqual([dayMs, 12 * minuteMs]);
  // Who was measured before this peer slept stays so.
  expect(seenUpMs(entry({ saidUpMs: dayMs, sinceMs: minuteMs }), 20 * minuteMs, 18 * minuteMs)).toBe(19 * minuteMs);
});
