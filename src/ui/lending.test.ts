import { expect, test } from 'vitest';
import { fileView as file, receiveView as receive, selfView as self, snapshotView as snapshot } from '../../test/views.ts';
import { lendingState, offersLending } from './lending.ts';
import { strings } from './strings.ts';

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

test('[UI-18] the words tell what this peer does, not what others would have to', () => {
  const { contribute } = strings;
  for (const words of [contribute.lost(1, 80), contribute.effect('900 MB', '100 MB')]) expect(words).not.toMatch(/repair|owner/i);
});

test('[UI-29] lending is offered once, after a first file was stored or downloaded', () => {
  const stored = snapshot({ files: [file({ state: 'failed' }), file()] });
  expect(offersLending(stored, false)).toBe(true);
  expect(offersLending(snapshot({ receives: [receive({ state: 'done' })] }), false)).toBe(true);
  expect(offersLending(stored, true)).toBe(false);
  expect(offersLending({ ...stored, self: self({ contributing: true }) }, false)).toBe(false);
  expect(offersLending({ ...stored, self: self({ shards: 1 }) }, false)).toBe(false);
  expect(offersLending(snapshot(), false)).toBe(false);
  expect(offersLending(snapshot({ files: [file({ state: 'spreading' })], receives: [receive({ state: 'ready' })] }), false)).toBe(false);
});
