import { expect, test } from 'vitest';
import { seenWords, shardWords } from './holder-words.ts';

const hour = 3_600_000;

test('[UI-27] who is not there was last seen some time ago', () => {
  expect(seenWords({ state: 'away', seenMs: 0 }, 3 * hour)).toBe('last seen 3\u00a0h ago');
  expect(seenWords({ state: 'suspect', seenMs: 0 }, 0)).toBe('last seen just now');
  expect(seenWords({ state: 'live', seenMs: 0 }, 3 * hour)).toBeUndefined();
  expect(seenWords({ state: 'away' }, 3 * hour)).toBeUndefined();
});

test('[UI-27] shards are named where they are few and of one segment', () => {
  expect(shardWords({ shards: [1, 2] }, { k: 2, m: 1, segments: 1 })).toBe('data 2, parity 1');
  expect(shardWords({ shards: [1, 2] }, { k: 2, m: 1, segments: 2 })).toBe('2 of 6');
});
