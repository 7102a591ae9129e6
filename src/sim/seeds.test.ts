import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { bestCoders } from '../../workers/kernel/kernel.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { harsh, usual } from './faults.ts';
import { simulate } from './run.ts';

/** Runs in which something was violated once, and why. */
const found: readonly (readonly [seed: string, peers: number, hours: number, why: string])[] = [
  ['9', 8, 1, 'a link opened before its file was deleted was read again where the tombstone was kept, from a holder that had been away'],
];

test.each(found)('[SIM-9] seed %s, %i peers, %i h: %s', async (seed, peers, hours) => {
  const faults = { ...harsh, roles: { ...usual.roles, forger: 0.1 } };
  const parts = { engine: nodeCrypto(), coder: bestCoders(), drain, realNow: () => 0 };
  const { violations } = await simulate({ ...parts, seed, peers, hours, busy: 3, faults });
  expect(violations).toEqual([]);
});
