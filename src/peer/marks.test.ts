import { expect, test } from 'vitest';
import type { Verdict } from '../core/errors.ts';
import { createMarks } from './marks.ts';

const verdict = (node: string, detail: string): Verdict => ({ node, reason: 'bad-leaf', detail });

test('[READ-7] a verdict is kept once, in words, newest last', () => {
  const marks = createMarks();
  expect([marks.add(verdict('a', 'one')), marks.add(verdict('a', 'one')), marks.add(verdict('a', 'two'))]).toEqual([true, false, true]);
  expect(marks.of('a')).toEqual(['bad-leaf: one', 'bad-leaf: two']);
  expect([marks.has('a'), marks.has('b'), marks.of('b')]).toEqual([true, false, []]);
});

test('[READ-7] at most 10 of a peer and 1,000 peers with any are remembered, and the oldest go', () => {
  const marks = createMarks();
  for (let i = 0; i < 11; i++) marks.add(verdict('a', `${i}`));
  expect(marks.of('a')).toHaveLength(10);
  expect(marks.of('a')[0]).toBe('bad-leaf: 1');
  for (let i = 0; i < 999; i++) marks.add(verdict(`peer ${i}`, 'x'));
  expect(marks.has('a')).toBe(true);
  marks.add(verdict('peer 5', 'y'));
  expect(marks.has('a')).toBe(true);
  marks.add(verdict('one more', 'x'));
  expect([marks.has('a'), marks.has('peer 0'), marks.has('one more')]).toEqual([false, true, true]);
});
