import { describe, expect, test } from 'vitest';
import { figureOf } from './figures.ts';

const measured = (samples: readonly number[], more: { budget?: number } = {}) => figureOf({ name: 'one', unit: 'MB/s', samples, ...more });

describe('a figure', () => {
  test('is the median of its windows, with the least and the most', () => {
    expect(measured([9, 1, 5])).toEqual({ name: 'one', unit: 'MB/s', windows: 3, median: 5, min: 1, max: 9 });
    expect(measured([4, 1, 9, 2])).toMatchObject({ median: 3, windows: 4 });
    expect(measured([7])).toMatchObject({ median: 7, min: 7, max: 7, windows: 1 });
  });

  test('has a 95th percentile only where there is a budget for it', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(measured(hundred)).not.toHaveProperty('p95');
    expect(measured(hundred, { budget: 16 })).toMatchObject({ budget: 16, p95: 95 });
  });

  test('has four digits that count', () => {
    expect(measured([123_456.7])).toMatchObject({ median: 123_500 });
    expect(measured([0.000_123_456])).toMatchObject({ median: 0.000_123_5 });
  });

  test('of a window without one is refused', () => {
    expect(() => measured([])).toThrow(RangeError);
    expect(() => measured([1, NaN, 2])).toThrow(RangeError);
    expect(() => measured([1, Infinity])).toThrow(RangeError);
  });
});
