import { expect, test } from 'vitest';
import { selfView as self } from '../../test/views.ts';
import { lendingState } from './lending.ts';

const lender = { contributing: true, capacity: 1000, headroom: 100 } as const;

test.each([
  ['off', self({ used: 500 })],
  ['open', self({ ...lender, used: 800 })],
  ['full', self({ ...lender, used: 800, reserved: 100 })],
  ['below', self({ ...lender, used: 1001 })],
  // Whatever the figures are: the store says it.
  ['disk-full', self({ ...lender, used: 1000, diskFull: true })],
  ['disk-full', self({ contributing: false, capacity: 0, used: 0, diskFull: true })],
  ['full', self({ ...lender, used: 1000 })],
] as const)('[UI-18] lending is %s', (state, view) => {
  expect(lendingState(view)).toBe(state);
});
