import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { drain } from '../../../test/links-world.ts';
import { virtualClock } from './clock.ts';
import { seededRandom } from './random.ts';

describe('virtual clock', () => {
  it('[SIM-3] events run in the order of their time, those of one time in the order they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 60 }), async (delays) => {
        const clock = virtualClock(drain, 0);
        const ran: (readonly [number, number])[] = [];
        for (const [i, ms] of delays.entries()) clock.timer(ms, () => ran.push([clock.now(), i]));
        await clock.run(100);
        const expected = delays.map((ms, i) => [ms, i] as const).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(ran).toEqual(expected);
        expect(clock.now()).toBe(100);
      }),
      { numRuns: 20 },
    );
  });

  it('[SIM-3] what an event sets off by promises has happened before the next event', async () => {
    const clock = virtualClock(drain, 0);
    const order: string[] = [];
    clock.timer(
      1,
      () =>
        void Promise.resolve()
          .then(() => Promise.resolve())
          .then(() => order.push('promised by the first')),
    );
    clock.timer(1, () => order.push('second'));
    await clock.run(1);
    expect(order).toEqual(['promised by the first', 'second']);
  });

  it('[SIM-3] a cancelled timer does not run; time has whole milliseconds, rounded up', async () => {
    const clock = virtualClock(drain, 0);
    let ran = 0;
    clock.timer(5, () => ran++)();
    clock.timer(0.25, () => (ran = clock.now()));
    await clock.run(10);
    expect(ran).toBe(1);
  });

  it('[SIM-3] so it does when thousands were cancelled around it, and one cancelled twice or late counts once', async () => {
    const clock = virtualClock(drain, 0);
    const ran: number[] = [];
    const cancels = Array.from({ length: 5_000 }, (_, i) => clock.timer(i, () => ran.push(i)));
    for (const [i, cancel] of cancels.entries()) if (i % 100 !== 7) cancel();
    for (const cancel of cancels.slice(0, 50)) cancel();
    await clock.run(2_500);
    for (const cancel of cancels.slice(0, 2_500)) cancel();
    await clock.run(10_000);
    expect(ran).toEqual(Array.from({ length: 50 }, (_, i) => 100 * i + 7).filter((i) => i !== 7));
    expect(clock.ran).toBe(49);
  });

  it('[SIM-3] runUntil stops at the condition, or says that it did not come', async () => {
    const clock = virtualClock(drain, 0);
    let done = false;
    clock.timer(7, () => (done = true));
    clock.timer(9, () => (done = false));
    expect(await clock.runUntil(() => done, 100)).toBe(true);
    expect(clock.now()).toBe(7);
    expect(await clock.runUntil(() => clock.now() > 9, 100)).toBe(false);
  });
});

describe('seeded random', () => {
  it('[SIM-4] the same seed gives the same bytes in any portions of four, another seed others', () => {
    const whole = seededRandom('a').bytes(32);
    const random = seededRandom('a');
    expect([...random.bytes(12), ...random.bytes(20)]).toEqual([...whole]);
    expect(seededRandom('b').bytes(32)).not.toEqual(whole);
    expect(seededRandom(1).bytes(32)).not.toEqual(seededRandom(2).bytes(32));
  });
});
