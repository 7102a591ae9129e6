import { type Now, type Rate, tokenLevel } from '../src/core/wire/token-level.ts';

/** A token bucket; full at the start. */
export interface TokenBucket {
  /** Takes one token. False: none was left, and none was taken. */
  take(): boolean;
  /** Whether it has refilled, and so is equal to a new one. */
  full(): boolean;
}

export function tokenBucket(rate: Rate, now: Now): TokenBucket {
  const tokens = tokenLevel(rate, now);
  return {
    take() {
      if (tokens.left() < 1) return false;
      tokens.spend(1);
      return true;
    },
    full: () => tokens.left() >= rate.burst,
  };
}

/** One token bucket per key, at most `keysMax` of them: the keys longest unseen are forgotten first. */
export interface KeyedBuckets {
  take(key: string): boolean;
  /** Forgets the buckets that have refilled. Called now and then, so that memory follows the present load. */
  sweep(): void;
  readonly size: number;
}

export function keyedBuckets(rate: Rate, now: Now, keysMax: number): KeyedBuckets {
  const buckets = new Map<string, TokenBucket>();
  return {
    take(key) {
      const bucket = buckets.get(key) ?? tokenBucket(rate, now);
      // Set anew, so that the map's order is the order of last use.
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > keysMax) buckets.delete(buckets.keys().next().value!);
      return bucket.take();
    },
    sweep() {
      for (const [key, bucket] of buckets) if (bucket.full()) buckets.delete(key);
    },
    get size() {
      return buckets.size;
    },
  };
}

/** How many of something are held per key. */
export interface KeyedCounts {
  /** Adds one. False: `max` are held already, and none was added. */
  add(key: string, max: number): boolean;
  remove(key: string): void;
}

export function keyedCounts(): KeyedCounts {
  const counts = new Map<string, number>();
  return {
    add(key, max) {
      const held = counts.get(key) ?? 0;
      if (held >= max) return false;
      counts.set(key, held + 1);
      return true;
    },
    remove(key) {
      const held = counts.get(key) ?? 0;
      if (held > 1) counts.set(key, held - 1);
      else counts.delete(key);
    },
  };
}
