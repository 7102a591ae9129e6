import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyHealth, domainsOf, healthSentence } from './health.ts';

const calm = { spreading: false, mayReturn: false };

test.each([
  ['Safe', 2, 4, [[['a'], ['b'], ['c'], ['d'], ['e'], ['f']]]],
  ['Thin', 1, 4, [[['a'], ['a'], ['b'], ['b'], ['c'], ['c']]]],
  ['At risk', 0, 4, [[['a'], ['b'], ['c'], ['d'], [], []]]],
  ['Lost', -1, 4, [[['a'], ['b'], ['c'], [], [], []]]],
  ['At risk', 0, 1, [[['a']]]],
  ['Safe', 2, 1, [[['a'], ['b'], ['c']]]],
] as const)('[HEALTH-1] %s at margin %i', (word, margin, k, holders) => {
  expect(classifyHealth(k, holders, calm)).toMatchObject({ word, margin });
});

test('[HEALTH-1] the worst segment decides', () => {
  const good = [['a'], ['b'], ['c']];
  expect(classifyHealth(1, [good, [['a'], [], []]], calm)).toMatchObject({ word: 'At risk', margin: 0, online: 1 });
});

test('[HEALTH-1] below k it waits while a missing holder was seen within its grace, then it is lost', () => {
  expect(classifyHealth(1, [[[]]], { spreading: false, mayReturn: true }).word).toBe('Waiting');
  expect(classifyHealth(1, [[[]]], calm).word).toBe('Lost');
});

test('[HEALTH-2] the margin is never larger than what the worst loss of holders leaves', () => {
  const holder = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const shard = fc.uniqueArray(holder, { maxLength: 2 });
  fc.assert(
    fc.property(fc.array(shard, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 6 }), (segment, k) => {
      const { margin } = classifyHealth(k, [segment], calm);
      const holders = [...new Set(segment.flat())];
      for (let mask = 0; mask < 2 ** holders.length; mask++) {
        const gone = holders.filter((_, i) => mask & (1 << i));
        if (gone.length > margin) continue;
        const left = segment.filter((each) => each.some((name) => !gone.includes(name))).length;
        expect(left).toBeGreaterThanOrEqual(k);
      }
    }),
    { numRuns: 200 },
  );
});

test('[HEALTH-3] the sentence says what is online, what restores it and what can vanish', () => {
  const health = classifyHealth(4, [[['a'], ['b'], ['c'], ['d'], ['e'], ['f']]], calm);
  expect(healthSentence(4, 6, health)).toBe('Safe: 6 of 6 shards online, any 4 restore it, 2 of 6 peers can vanish');
  const alone = classifyHealth(1, [[['a']]], calm);
  expect(healthSentence(1, 1, alone)).toBe('At risk: 1 of 1 shard online, any 1 restores it, no peer can vanish');
});

test('[HEALTH-1, HEALTH-3] holders in one failure domain vanish together, and the sentence says networks where that joins some', () => {
  const holders = [[['a'], ['b'], ['c'], ['d'], ['e', 'f'], ['f']]];
  const said = (domainOf: (holder: string) => string): string =>
    healthSentence(4, 6, classifyHealth(4, domainsOf(holders, domainOf), calm), 6);
  expect(domainsOf(holders, () => 'x')[0]![4]).toEqual(['x']);
  expect(said((holder) => holder)).toBe('Thin: 6 of 6 shards online, any 4 restore it, 1 of 6 peers can vanish');
  expect(said((holder) => (holder < 'c' ? 'x' : holder < 'e' ? 'y' : 'z'))).toMatch(/, 1 of 3 networks can vanish$/);
  expect(said((holder) => (holder < 'd' ? 'x' : 'y'))).toMatch(/^At risk: .*, no network can vanish$/);
  expect(said(() => 'x')).toBe('At risk: 6 of 6 shards online, any 4 restore it, but all 6 peers are in one network');
});
