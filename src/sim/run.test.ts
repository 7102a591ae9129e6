import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { bestCoders } from '../../workers/kernel/kernel.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { calm, harsh, usual } from './faults.ts';
import { faultKinds } from './plan.ts';
import { simulate, type SimulateOptions } from './run.ts';
import { checkers } from './checkers/all.ts';

/** Nobody misbehaves: of so few there would be nobody else. */
const faults = { ...harsh, roles: usual.roles };

const run = (options: Partial<SimulateOptions>) =>
  simulate({
    ...{ seed: '1', peers: 4, hours: 0.5, busy: 4, faults, engine: nodeCrypto(), coder: bestCoders(), drain, realNow: () => 0 },
    ...options,
  });

test('[SIM-2, SIM-10] the same seed gives the same report, another seed another one; every fault, invariant and figure is in it', async () => {
  const { report, violations } = await run({});
  expect(violations).toEqual([]);
  expect((await run({})).report).toEqual(report);
  expect((await run({ seed: '2' })).report.traceHash).not.toBe(report.traceHash);

  expect(report).toEqual({
    schema: 'shoal.sim/1',
    seed: '1',
    peers: 4,
    simulatedHours: 0.5,
    traceHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    events: expect.any(Number),
    faults: Object.fromEntries(faultKinds.map((kind) => [kind, expect.any(Number)])),
    invariants: Object.fromEntries(checkers.map(({ invariant }) => [invariant, { checks: expect.any(Number), violations: 0 }])),
    reads: expect.any(Number),
    misses: expect.any(Number),
    starved: expect.any(Number),
    outcomes: expect.any(Object),
    realMs: 0,
    speed: expect.any(Number),
  });
  expect(report.reads).toBeGreaterThan(0);
});

test('[SIM-11] with signatures by Ed25519 a run violates nothing either', async () => {
  const { report, violations } = await run({ peers: 3, busy: 2, faults: calm, realSignatures: true });
  expect(violations).toEqual([]);
  expect(report.outcomes.stored).toBeGreaterThan(0);
});

test.each([
  [{ peers: 0 }, 'There are 1 to 1000 peers, a whole number; not 0.'],
  [{ peers: 1.5 }, 'not 1.5'],
  [{ hours: 0.1 }, 'A run takes 0.5 to 1000 hours'],
  [{ hours: Number.NaN }, 'not NaN'],
  [{ busy: 101 }, 'People are busy 0 to 100 times as much as usual; not 101.'],
])('[SIM-10] a run that makes no sense is refused in words: %j', async (options, words) => {
  await expect(run(options)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(words) });
});
