import { describe, expect, test } from 'vitest';
import { formatAgo, formatBytes, formatDuration, formatLeft, formatPercent, fraction, shortId } from './format.ts';

/** No-break spaces as plain ones, so that the expectations can be read. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('figures', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1254, '1.25 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [20_000_000, '20 MB'],
    [1.5e12, '1.5 TB'],
    [5e18, '5000 PB'],
  ])('[UI-1] %d bytes are written in decimal units with three digits: %s', (bytes, text) => {
    expect(plain(formatBytes(bytes))).toBe(text);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('[UI-1] %d is never shown as bytes', (bytes) => {
    expect(plain(formatBytes(bytes))).toBe('0 B');
  });

  test('[UI-2] a percentage is rounded down, so that 100 % means all', () => {
    expect(plain(formatPercent(0))).toBe('0 %');
    expect(plain(formatPercent(0.9999))).toBe('99 %');
    expect(plain(formatPercent(1))).toBe('100 %');
  });

  test('[UI-2] a part of an unknown whole is unknown, and never more than the whole', () => {
    expect(fraction(0, 0)).toBeUndefined();
    expect(fraction(1, Number.NaN)).toBeUndefined();
    expect(fraction(5, 4)).toBe(1);
    expect(fraction(-1, 4)).toBe(0);
  });

  test.each([
    [0, '0 s'],
    [4999, '4 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [3_600_000 * 73, '3 d 1 h'],
    [86_400_000 + 5000, '1 d'],
  ])('[UI-3] %d ms last "%s"', (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  test.each([
    [0, '0 s'],
    [7_200, '8 s'],
    [31_000, '35 s'],
    [59_999, '1 min'],
    [61_000, '1 min 10 s'],
    [7_500_000, '2 h 5 min'],
  ])('[UI-3] %d ms left are said in steps: "%s"', (ms, text) => {
    expect(plain(formatLeft(ms))).toBe(text);
  });

  test('[UI-3] how long ago is said in one unit, and the future is now', () => {
    const now = 1_000_000_000_000;
    expect(plain(formatAgo(now + 5000, now))).toBe('just now');
    expect(plain(formatAgo(now - 59_999, now))).toBe('just now');
    expect(plain(formatAgo(now - 60_000, now))).toBe('1 min ago');
    expect(plain(formatAgo(now - 3 * 3_600_000, now))).toBe('3 h ago');
    expect(plain(formatAgo(now - 49 * 3_600_000, now))).toBe('2 d ago');
  });

  test('[UI-3] an id is shortened to 8 hex digits', () => {
    expect(shortId('0123456789abcdef')).toBe('01234567');
  });
});
