import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { creditStepBytes, linkCreditBytes, streamBytesMax, streamCreditBytes } from '../../core/wire/limits.ts';
import { type CreditAccount, CreditBudget } from './credit.ts';

const account = (stream: number): CreditAccount => ({ stream, granted: 0, consumed: 0, ended: false });

describe('credit', () => {
  it('[CREDIT-3] a stream gets 1 MiB ahead of what was taken, in steps of 256 KiB', () => {
    const told: number[] = [];
    const budget = new CreditBudget(({ granted }) => told.push(granted));
    const stream = account(1);
    budget.want(stream);
    expect(told).toEqual([streamCreditBytes]);
    budget.consume(stream, creditStepBytes - 1);
    expect(told).toHaveLength(1);
    budget.consume(stream, 1);
    expect(told).toEqual([streamCreditBytes, streamCreditBytes + creditStepBytes]);
  });

  it('[CREDIT-3] a fifth stream waits for the 4 MiB of the link, and comes before the next step of the others', () => {
    const told: number[] = [];
    const budget = new CreditBudget(({ stream }) => told.push(stream));
    const streams = [1, 3, 5, 7, 9].map(account);
    for (const stream of streams) budget.want(stream);
    expect(told).toEqual([1, 3, 5, 7]);
    budget.consume(streams[0]!, creditStepBytes);
    expect(told).toEqual([1, 3, 5, 7, 9]);
  });

  it('[CREDIT-3] the total never passes 2^32 - 1', () => {
    const budget = new CreditBudget(() => {});
    const stream = { ...account(1), granted: streamBytesMax - creditStepBytes + 1, consumed: streamBytesMax - creditStepBytes + 1 };
    budget.want(stream);
    expect(stream.granted).toBe(streamBytesMax - creditStepBytes + 1);
  });

  it('[CREDIT-3] whatever happens: at most 1 MiB a stream and 4 MiB a link outstanding, and no stream starves', () => {
    const event = fc.record({ stream: fc.nat(9), part: fc.double({ min: 0, max: 1, noNaN: true }), end: fc.nat(20).map((n) => n === 0) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const budget = new CreditBudget(() => {});
        const streams = Array.from({ length: 10 }, (_, i) => account(i + 1));
        for (const stream of streams) budget.want(stream);
        const check = (): void => {
          const outstanding = streams.map(({ granted, consumed }) => granted - consumed);
          for (const bytes of outstanding) expect(bytes >= 0 && bytes <= streamCreditBytes).toBe(true);
          expect(outstanding.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(linkCreditBytes);
        };
        for (const { stream: index, part, end } of events) {
          const stream = streams[index]!;
          if (end) budget.end(stream, stream.consumed);
          else if (!stream.ended) budget.consume(stream, Math.floor(part * (stream.granted - stream.consumed)));
          check();
        }
        // Everyone takes what was granted, again and again: everyone gets more.
        const before = streams.map(({ granted }) => granted);
        for (let round = 0; round < 5; round++)
          for (const stream of streams) if (!stream.ended) budget.consume(stream, stream.granted - stream.consumed);
        for (const [i, stream] of streams.entries()) if (!stream.ended) expect(stream.granted).toBeGreaterThan(before[i]!);
        check();
      }),
      { numRuns: 60 },
    );
  });
});
