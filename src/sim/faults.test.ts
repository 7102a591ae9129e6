import { expect, test } from 'vitest';
import { calm, harsh, namedFaults, readFaults, usual } from './faults.ts';
import { planFaults } from './plan.ts';

const hourMs = 3_600_000;

test('[SIM-5] a record of faults as JSON reads as it was written; what is left out is as in calm', () => {
  for (const faults of Object.values(namedFaults)) expect(readFaults(JSON.parse(JSON.stringify(faults)))).toEqual(faults);
  expect(readFaults({})).toEqual(calm);
  expect(readFaults({ network: { breaks: 3 }, roles: { liar: 0.5 } })).toEqual({
    ...calm,
    network: { ...calm.network, breaks: 3 },
    roles: { ...calm.roles, liar: 0.5 },
  });
});

test.each([
  [[], 'faults is not an object.'],
  ['usual', 'faults is not an object.'],
  [{ net: {} }, 'faults has no "net"'],
  [{ network: { brakes: 1 } }, 'faults.network has no "brakes"'],
  [{ disk: 3 }, 'faults.disk is not an object.'],
  [{ disk: { torn: -1 } }, 'faults.disk.torn is -1; it must be a number from 0 to 1000.'],
  [{ disk: { torn: '1' } }, 'faults.disk.torn is "1"'],
  [{ network: { dialFailures: 1.5 } }, 'faults.network.dialFailures is 1.5; it must be a number from 0 to 1.'],
  [{ roles: { saint: 1 } }, 'faults.roles has no "saint"'],
])('[SIM-5] faults that make no sense are refused in words: %j', (given, words) => {
  expect(() => readFaults(given)).toThrow(expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(words) }));
});

test('[SIM-5] a plan is drawn from its seed, in order, as often as the rates say, and ends in time', () => {
  const plan = (seed: string, faults = usual) => planFaults({ seed, faults, peers: 30, untilMs: 100 * hourMs });
  const one = plan('one');
  expect(plan('one')).toEqual(one);
  expect(plan('two')).not.toEqual(one);
  expect(one.every(({ atMs }, i) => atMs >= (one[i - 1]?.atMs ?? 0) && atMs < 100 * hourMs)).toBe(true);
  const breaks = one.filter(({ kind }) => kind === 'break').length;
  expect(Math.abs(breaks - usual.network.breaks * 30 * 100)).toBeLessThan(150);
  expect(planFaults({ seed: 'one', faults: calm, peers: 30, untilMs: hourMs })).toEqual([]);
});

test('[SIM-5] another rate of one kind moves no fault of another', () => {
  const of = (faults: typeof usual) =>
    planFaults({ seed: 'same', faults, peers: 10, untilMs: 10 * hourMs }).filter(({ kind }) => kind !== 'break');
  expect(of({ ...usual, network: { ...usual.network, breaks: harsh.network.breaks } })).toEqual(of(usual));
});
