import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ShoalError } from '../src/core/errors.ts';
import { createAdmission } from './admission.ts';
import { keyedBuckets, tokenBucket } from './limits.ts';
import { limitsSchema } from './limits-config.ts';

function steppedClock(): { now: () => number; passMs: (ms: number) => void } {
  let nowMs = 0;
  return { now: () => nowMs, passMs: (ms) => void (nowMs += ms) };
}

describe('token buckets', () => {
  test('[SGN-17] the burst goes through at once, then one per refilled token', () => {
    const { now, passMs } = steppedClock();
    const bucket = tokenBucket({ perSecond: 2, burst: 3 }, now);
    expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
    passMs(499);
    expect(bucket.take()).toBe(false);
    passMs(1);
    expect([bucket.take(), bucket.take()]).toEqual([true, false]);
  });

  test('[SGN-17] over any time no more goes through than the burst and the refill', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(waits, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 10 }), (stepsMs, perSecond, burst) => {
        const { now, passMs } = steppedClock();
        const bucket = tokenBucket({ perSecond, burst }, now);
        const taken = stepsMs.filter((ms) => {
          passMs(ms);
          return bucket.take();
        }).length;
        expect(taken).toBeLessThanOrEqual(burst + (now() / 1_000) * perSecond + 1e-6);
      }),
      { numRuns: 50 },
    );
  });

  test('[SGN-17] each key has its own, and the one longest unseen is forgotten first', () => {
    const { now } = steppedClock();
    const buckets = keyedBuckets({ perSecond: 0, burst: 1 }, now, 2);
    expect([buckets.take('a'), buckets.take('a'), buckets.take('b')]).toEqual([true, false, true]);
    expect([buckets.take('a'), buckets.take('c'), buckets.size]).toEqual([false, true, 2]);
    expect([buckets.take('a'), buckets.take('b')]).toEqual([false, true]);
  });

  test('[SGN-17] refilled ones are swept', () => {
    const { now, passMs } = steppedClock();
    const buckets = keyedBuckets({ perSecond: 1, burst: 1 }, now, 10);
    buckets.take('a');
    passMs(500);
    buckets.take('b');
    passMs(500);
    buckets.sweep();
    expect(buckets.size).toBe(1);
  });
});

describe('admission', () => {
  const refusal = (run: () => unknown): string | undefined => {
    try {
      run();
      return undefined;
    } catch (error) {
      return error instanceof ShoalError ? error.code : String(error);
    }
  };

  test('[SGN-16] sockets are bounded in all and per network prefix, and a released place is free again', () => {
    const admission = createAdmission(limitsSchema.parse({ socketsMax: 3, socketsPerPrefixMax: 2 }), () => 0);
    const first = admission.admit('a');
    admission.admit('a');
    expect(refusal(() => admission.admit('a'))).toBe('busy');
    first.release();
    expect(refusal(() => admission.admit('a'))).toBeUndefined();
    expect(refusal(() => admission.admit('b'))).toBeUndefined();
    expect(refusal(() => admission.admit('c'))).toBe('busy');
  });

  test('[SGN-17] sockets of one prefix share its allowance of a kind; other prefixes and kinds are untouched', () => {
    const knock = { perSecond: 0, burst: 3 };
    const admission = createAdmission(limitsSchema.parse({ prefix: { knock } }), () => 0);
    const [one, two, far] = [admission.admit('a'), admission.admit('a'), admission.admit('b')];
    expect([one.take('knock'), two.take('knock'), one.take('knock'), two.take('knock')]).toEqual([true, true, true, false]);
    expect([two.take('signal'), far.take('knock')]).toEqual([true, true]);
  });
});
