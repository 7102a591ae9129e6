import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, isEligible, keepersOf, keeperView } from './keepers.ts';

const hex = (digits: number) => fc.bigInt(0n, 16n ** BigInt(digits) - 1n).map((value) => value.toString(16).padStart(digits, '0'));
const distance = (a: string, b: string): bigint => BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
const hourMs = 3_600_000;
const id = (start: string): string => start.padEnd(64, '0');

test.each([4, 64])('[KEEP-1] the closest of ids with %i digits are those of the least XOR, nearest first', (digits) => {
  fc.assert(
    fc.property(fc.uniqueArray(hex(digits), { maxLength: 60 }), hex(digits), fc.nat(20), (ids, target, count) => {
      const byDistance = ids.toSorted((a, b) => (distance(a, target) < distance(b, target) ? -1 : 1));
      expect(closest(target, ids.toSorted(), count)).toEqual(byDistance.slice(0, count));
      expect(closest(target, ids.toSorted(), Infinity)).toEqual(byDistance);
    }),
  );
});

test('[KEEP-1] a peer is eligible after some ten minutes, as its NodeId says', () => {
  const eligible = (start: string, upMs: number): boolean => isEligible({ node: id(start), upMs });
  expect([eligible('00', 539_999), eligible('00', 540_000)]).toEqual([false, true]);
  expect([eligible('80', 599_999), eligible('80', 600_000)]).toEqual([false, true]);
  expect([eligible('ff', 600_000), eligible('ff', 660_000)]).toEqual([false, true]);
});

test('[KEEP-3] keepers are 8 that are eligible, whoever else is nearer; the nearest of the others make up for those that are missing', () => {
  const candidates = Array.from({ length: 30 }, (_, i) => ({ node: id(i.toString(16).padStart(2, '0')), upMs: i >= 15 ? hourMs : 0 }));
  const nodes = candidates.map(({ node }) => node);
  expect(keepersOf(keeperView(candidates), id('00'))).toEqual(closest(id('00'), nodes.slice(15), 8));
  const three = candidates.map((each, i) => ({ ...each, upMs: i >= 27 ? hourMs : 0 }));
  expect(keepersOf(keeperView(three), id('00'))).toEqual([...closest(id('00'), nodes.slice(27), 8), ...nodes.slice(0, 5)]);
  expect(keepersOf(keeperView(candidates.slice(12, 17)), id('00')).toSorted()).toEqual(nodes.slice(12, 17));
});
