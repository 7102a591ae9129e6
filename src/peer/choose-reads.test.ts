import { describe, expect, test } from 'vitest';
import { type BandProgress, chooseReads, isReadable } from './choose-reads.ts';
import { createPace, lateAfterMs, lateReadsMax } from './pace.ts';

/** 4+2 with a holder for each shard: `a` has shard 0, `b` shard 1 and so on. */
const holders = 'abcdef'.split('').map((node, shard) => ({ shard, node, doubtful: false }));
const progress = (stated: Partial<BandProgress> = {}): BandProgress => ({
  k: 4,
  wanted: [0, 1, 2, 3],
  got: new Set(),
  underWay: [],
  sources: holders,
  ...stated,
});
const asked = (stated: Partial<BandProgress>): string =>
  chooseReads(progress(stated))
    .map(({ node }) => node)
    .join('');
const reads = (...shards: number[]) => shards.map((shard) => ({ shard, late: false }));
const late = (shard: number) => ({ shard, late: true });

describe('[READ-2] whom to ask', () => {
  test('[READ-2] data shards first, all at once, and no more than are wanted', () => {
    expect(asked({})).toBe('abcd');
    expect(asked({ wanted: [2] })).toBe('c');
    expect(asked({ wanted: [2], underWay: reads(2), sources: holders.slice(3) })).toBe('');
    expect(asked({ got: new Set([0, 1, 2, 3]), sources: holders.slice(4) })).toBe('');
  });

  test('[READ-2] where a wanted shard has no holder, as many others as make k', () => {
    const without2 = holders.filter(({ shard }) => shard !== 2);
    expect(asked({ sources: without2 })).toBe('abde');
    expect(asked({ wanted: [2], sources: without2 })).toBe('abde');
    expect(asked({ wanted: [2], got: new Set([0, 4]), sources: without2.filter(({ shard }) => shard !== 0 && shard !== 4) })).toBe('bd');
  });

  test('[READ-3] nobody is asked in vain: with fewer than k in reach nothing is', () => {
    expect(asked({ sources: holders.slice(3) })).toBe('');
    expect(asked({ wanted: [3], sources: holders.slice(3) })).toBe('d');
  });

  test('[READ-9] a late read is hedged by another holder of the shard, else by another shard', () => {
    const underWay = [...reads(1, 2, 3), late(0)];
    expect(asked({ underWay, sources: holders.slice(4) })).toBe('e');
    expect(asked({ underWay, sources: [...holders.slice(4), { shard: 0, node: 'z', doubtful: false }] })).toBe('z');
    expect(asked({ wanted: [0], underWay: [late(0)], sources: holders.slice(1) })).toBe('bcde');
    expect(asked({ wanted: [0], underWay: [late(0)], sources: holders.slice(4) })).toBe('');
  });

  test('[READ-9] doubtful holders are asked only when the others do not suffice', () => {
    const without = (...nodes: string[]) => holders.map((source) => ({ ...source, doubtful: nodes.includes(source.node) }));
    expect(asked({ sources: without('a') })).toBe('bcde');
    expect(asked({ sources: without('a', 'b') })).toBe('cdef');
    expect(asked({ sources: without('a', 'b', 'c') })).toBe('abcd');
  });

  test('[READ-2] the wanted leaves or those of any k shards are enough', () => {
    const having = (wanted: number[], ...got: number[]) => isReadable({ k: 4, wanted, got: new Set(got) });
    expect(having([1], 1)).toBe(true);
    expect(having([1], 0, 2, 3)).toBe(false);
    expect(having([1], 0, 2, 4, 5)).toBe(true);
  });
});

describe('[READ-9] when a read is late', () => {
  test('[READ-9] after a second, or three times the median of the last reads', () => {
    expect(lateAfterMs([])).toBe(1_000);
    expect(lateAfterMs([10, 20, 5_000])).toBe(1_000);
    expect(lateAfterMs([2_000, 500, 90_000])).toBe(6_000);
  });

  test('[READ-9] how many may be late is bounded by what was answered', () => {
    expect(lateReadsMax(0)).toBe(4);
    expect(lateReadsMax(80)).toBe(14);
    const pace = createPace();
    expect(Array.from({ length: 6 }, () => pace.callLate('a'))).toEqual([true, true, true, true, false, false]);
    for (let i = 0; i < 8; i++) pace.answered('b', 100);
    expect(pace.callLate('c')).toBe(true);
  });

  test('[READ-9] a holder is doubtful from a late or failed read until it answers in time', () => {
    const pace = createPace();
    pace.callLate('a');
    pace.failed('b');
    expect([pace.isDoubtful('a'), pace.isDoubtful('b'), pace.isDoubtful('c')]).toEqual([true, true, false]);
    pace.answered('a', 4_000);
    expect(pace.isDoubtful('a')).toBe(true);
    pace.answered('a', 500);
    expect(pace.isDoubtful('a')).toBe(false);
  });
});
