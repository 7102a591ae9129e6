import { describe, expect, test } from 'vitest';
import { interleaved, quick } from './measure.ts';

/** A side whose figures count up from `first`, and that notes each call. */
function side(calls: string[], name: string, first: number): () => Promise<number> {
  let figure = first;
  return async () => {
    calls.push(name);
    return figure++;
  };
}

describe('interleaved', () => {
  test('measures every side in each window, in an order that turns, after a warm-up that is not counted', async () => {
    const calls: string[] = [];
    const { samples } = await interleaved({ a: side(calls, 'a', 0), b: side(calls, 'b', 10), c: side(calls, 'c', 20) });
    expect(calls.join('')).toBe(`abc${'abc'}${'bca'}${'cab'}${'abc'}${'bca'}`);
    expect(samples).toEqual({ a: [1, 2, 3, 4, 5], b: [11, 12, 13, 14, 15], c: [21, 22, 23, 24, 25] });
  });

  test('begins cold when asked to', async () => {
    const calls: string[] = [];
    const { samples } = await interleaved({ a: side(calls, 'a', 0) }, { windows: 6, warmUp: false });
    expect(samples.a).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('divides side by side, window by window', async () => {
    const { by } = await interleaved({ ours: async () => 6, theirs: async () => 4 });
    expect(by('ours', 'theirs')).toEqual([1.5, 1.5, 1.5, 1.5, 1.5]);
  });

  test('takes no ratio from fewer than 5 windows', async () => {
    await expect(interleaved({ a: async () => 1 }, { windows: 4 })).rejects.toThrow(RangeError);
  });
});

test('nothing is quick unless told so', () => {
  expect(quick()).toBe(false);
});
