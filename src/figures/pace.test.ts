import { describe, expect, test } from 'vitest';
import { advance, type Pace } from './pace.ts';

const total = 100_000_000;
const everyMs = 500;

interface Moment {
  readonly ms: number;
  /** What is really left, ms. */
  readonly truthMs: number;
  readonly leftMs: number | undefined;
}

/** A transfer of `total` bytes in `lengthS` seconds whose rate goes evenly from `from` to `to` times its mean, as the page sees it. */
function watched(lengthS: number, from: number, to: number, blur: (ms: number, bytes: number) => number = (_, bytes) => bytes): Moment[] {
  const moments: Moment[] = [];
  let pace: Pace | undefined;
  for (let ms = 0; ms < lengthS * 1000; ms += everyMs) {
    const x = ms / 1000 / lengthS;
    const bytes = (total * (from * x + ((to - from) * x * x) / 2) * 2) / (from + to);
    pace = advance(pace, ms, blur(ms, bytes), total);
    moments.push({ ms, truthMs: lengthS * 1000 - ms, leftMs: pace.leftMs });
  }
  return moments;
}

const courses: readonly (readonly [name: string, lengthS: number, from: number, to: number])[] = [
  ['a steady rate', 60, 1, 1],
  ['a steady rate for hours', 7200, 1, 1],
  ['a rate that doubles', 60, 1, 2],
  ['a rate that grows fourfold', 120, 1, 4],
  ['a rate that halves', 60, 2, 1],
  ['a rate that falls to a quarter', 120, 4, 1],
];

describe('time left', () => {
  test.each(courses)('[UI-14] of %s is within 25 %% of the truth after 10 s', (_, lengthS, from, to) => {
    for (const { ms, truthMs, leftMs } of watched(lengthS, from, to)) {
      // In the last seconds a step of the watch is itself a quarter of what is left.
      if (ms < 10_000 || truthMs < 4 * everyMs) continue;
      expect(leftMs, `at ${ms} ms`).toBeGreaterThan(0.75 * truthMs);
      expect(leftMs, `at ${ms} ms`).toBeLessThan(1.25 * truthMs);
    }
  });

  test('[UI-14] holds when bytes are told in portions, as holders do', () => {
    const portion = 256 * 1024;
    for (const { ms, truthMs, leftMs } of watched(120, 1, 1, (_, bytes) => Math.floor(bytes / portion) * portion)) {
      if (ms < 10_000 || truthMs < 5_000) continue;
      expect(leftMs).toBeGreaterThan(0.75 * truthMs);
      expect(leftMs).toBeLessThan(1.25 * truthMs);
    }
  });

  test('[UI-14] is never NaN or below zero, and never grows by more than a tenth at once, on any course', () => {
    const courses: readonly ((ms: number) => number)[] = [
      (ms) => (ms < 8_000 ? ms * 1000 : 8_000_000 + (ms - 8_000) * 10),
      (ms) => (Math.floor(ms / 7_000) % 2 === 0 ? ms * 100 : Math.floor(ms / 7_000) * 700_000),
      () => 0,
      () => total,
      (ms) => total * (1 - Math.exp(-ms / 10_000)),
    ];
    for (const course of courses) {
      let pace: Pace | undefined;
      for (let ms = 0; ms < 90_000; ms += 170) {
        const before: number | undefined = pace?.leftMs;
        pace = advance(pace, ms, Math.min(total, Math.max(pace?.seen.at(-1)?.bytes ?? 0, course(ms))), total);
        expect(Number.isFinite(pace.bytesPerSecond)).toBe(true);
        if (pace.leftMs === undefined) continue;
        expect(pace.leftMs).toBeGreaterThanOrEqual(0);
        expect(pace.leftMs).toBeLessThan(Number.POSITIVE_INFINITY);
        if (before !== undefined) expect(pace.leftMs).toBeLessThanOrEqual(before * 1.1 + 1e-6);
      }
    }
  });

  test('[UI-14] is not guessed in the first seconds, nor while nothing moves', () => {
    expect(watched(60, 1, 1).filter(({ ms, leftMs }) => ms < 3_000 && leftMs !== undefined)).toEqual([]);
    let pace: Pace | undefined;
    for (let ms = 0; ms <= 40_000; ms += 1000) pace = advance(pace, ms, Math.min(ms, 10_000) * 100, total);
    expect(pace?.bytesPerSecond).toBe(0);
    expect(pace?.leftMs).toBeUndefined();
  });

  test('[UI-14] begins anew when the transfer does', () => {
    let pace: Pace | undefined;
    for (let ms = 0; ms <= 5_000; ms += 1000) pace = advance(pace, ms, ms * 100, total);
    expect(advance(pace, 6_000, 0, total)).toEqual({ seen: [{ ms: 6_000, bytes: 0 }], bytesPerSecond: 0 });
  });
});
