import { expect, test } from 'vitest';
import { acceptedSequences } from './authority.ts';

test('[REQ-4] sequences rise per owner, and what was forgotten for want of room cannot be replayed', () => {
  const sequences = acceptedSequences(2);
  expect(sequences.last('a')).toBe(0);
  sequences.accept('a', 1);
  sequences.accept('b', 2);
  sequences.accept('a', 3);
  sequences.accept('c', 4);
  expect(sequences.last('a')).toBe(3);
  expect(sequences.last('c')).toBe(4);
  // b was forgotten: its 2, and whatever came before, stays used.
  expect(sequences.last('b')).toBe(2);
  expect(sequences.last('d')).toBe(2);
});
