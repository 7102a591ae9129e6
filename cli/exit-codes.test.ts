import { expect, test } from 'vitest';
import { ShoalError, type ErrorCode } from '../src/core/errors.ts';
import { endingOf } from './exit-codes.ts';

test.each<[ErrorCode, number]>([
  ['bad-input', 2],
  ['not-found', 3],
  ['not-enough-peers', 4],
  ['not-enough-shards', 4],
  ['auth', 5],
  ['integrity', 6],
  ['cancelled', 130],
  ['timeout', 1],
  ['full', 1],
])('[CLI-2] %s ends it with %i and its own sentence', (code, status) => {
  expect(endingOf(new ShoalError(code, 'Say so.'))).toEqual({ status, message: 'Say so.', bug: false });
});

test('[CLI-2] what the system refuses is said in words, with the path', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/mnt/x' });
  expect(endingOf(full)).toEqual({ status: 1, message: '/mnt/x: the disk is full (ENOSPC)', bug: false });
  const missing = Object.assign(new Error('ENOENT: …'), { code: 'ENOENT', path: 'x' });
  expect(endingOf(missing)).toMatchObject({ status: 3, bug: false });
});

test('[CLI-3] anything else is a bug', () => {
  expect(endingOf(new TypeError('x is not a function'))).toEqual({ status: 1, message: 'x is not a function', bug: true });
  expect(endingOf('thrown')).toMatchObject({ status: 1, bug: true });
});
