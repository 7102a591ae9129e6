import { expect, test } from 'vitest';
import { nodeCrypto } from '../../platform/node/crypto.ts';
import { bestCoders } from '../../../workers/kernel/kernel.ts';
import { drain } from '../../../test/links-world.ts';
import { calm, type Faults } from '../faults.ts';
import { createLedger } from '../ledger.ts';
import { type Simulated, simulate } from '../run.ts';
import { checkers } from './all.ts';
import { type Bug, bugs } from './bugs.ts';
import { together } from './checker.ts';

const withSpeakers: Faults = { ...calm, roles: { ...calm.roles, forger: 0.2, equivocator: 0.2, flooder: 0.2 } };

/** A small swarm of busy people for half an hour, in which every peer has the bug; no longer than it takes to find that. */
const run = (seed: number, { plant, faults = calm, peers = 5, invariant }: Partial<Bug>): Promise<Simulated> =>
  simulate({
    ...{ seed: `${seed}`, peers, hours: 0.5, busy: 8, faults, drain },
    ...(plant === undefined ? {} : { plant }),
    ...(invariant === undefined ? {} : { untilViolated: invariant }),
    engine: nodeCrypto(),
    coder: bestCoders(),
    realNow: () => 0,
  });

test('[SIM-9] a sound swarm violates nothing, with others in it that forge, equivocate and flood', async () => {
  const { report, violations } = await run(1, { faults: withSpeakers });
  expect(violations).toEqual([]);
  expect(report.outcomes).toMatchObject({ misses: 0 });
  const unchecked = Object.entries(report.invariants).filter(([, { checks }]) => checks === 0);
  expect(unchecked).toEqual([]);
});

test.each(bugs)('[SIM-9] a planted bug is found within three seeds: $invariant, $what', async (bug) => {
  for (let seed = 1; seed <= 3; seed++) {
    const { report } = await run(seed, bug);
    if (report.invariants[bug.invariant]!.violations > 0) return;
  }
  expect.fail(`${bug.invariant} was not found to be violated`);
});

test('[SIM-9] a reader that is handed an older version after a newer one is found', () => {
  const ledger = createLedger();
  const { sights, counts } = together(checkers, {
    ledger,
    nowMs: () => 0,
    machine: () => undefined,
    machines: () => [],
    startedMs: () => 0,
  });
  const who = { node: 'ab', honest: true };
  const objectKey = new Uint8Array(32);
  const read = (version: number): void => sights.read(who, { objectKey, version, bytes: new Uint8Array(), begunMs: 0 });
  for (const version of [1, 2, 2]) read(version);
  expect(counts['version-never-back']).toEqual({ checks: 3, violations: 0 });
  read(1);
  expect(counts['version-never-back']).toEqual({ checks: 4, violations: 1 });
});
