import { expect, test } from 'vitest';
import { selfView as self } from '../../test/views.ts';
import { lendingState } from './lending.ts';

const lender = { contributing: true, capacity: 1000, headroom: 100 } as const;

test.each([
  ['off', self({ used: 500 }), undefined],
  ['open', self({ ...lender, used: 800 }), undefined],
  ['full', self({ ...lender, used: 800, reserved: 100 }), undefined],
  ['below', self({ ...lender, used: 1001 }), 1000],
  ['disk-full', self({ ...lender, used: 1000 }), 5000],
  ['full', self({ ...lender, used: 1000 }), 1000],
] as const)('[UI-18] lending is %s', (state, view, asked) => {
  expect(lendingState(view, asked)).toBe(state);
});
