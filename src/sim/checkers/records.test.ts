import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../../test/simulated.ts';
import { keepersCount, keepersOf, keeperView } from '../../core/placement/keepers.ts';
import { encodeStored, readStored } from '../../core/record/stored.ts';
import { inProcessCodec } from '../../platform/memory/codec.ts';
import { nodeCrypto } from '../../platform/node/crypto.ts';
import { calm } from '../faults.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { createMachines, type Machine, type Machines } from '../machines.ts';
import { encodeSealedRecord, sealObject, signClaim } from '../sealed-object.ts';
import { signTombstone } from '../statements.ts';
import { standInSignatures } from '../stand-in.ts';
import type { SimulatedSwarm } from '../swarm.ts';
import { together } from './checker.ts';
import { recordsAreFound } from './records.ts';
import { replicasAreEqual } from './replicas.ts';

let swarm: SimulatedSwarm;
let ledger: Ledger;
let machines: Machines;
let recordKey: string;
let row: Uint8Array;
let deletedRow: Uint8Array;
let keepers: readonly Machine[];
let others: readonly Machine[];

/** More machines than a record has keepers, none of which has it yet. */
beforeEach(async () => {
  ledger = createLedger();
  const crypto = ledger.signing(standInSignatures(nodeCrypto()), () => {});
  swarm = simulated('records', { crypto });
  machines = createMachines(swarm, calm);
  for (let i = 0; i < keepersCount + 2; i++) await swarm.settled(machines.add(0));
  await swarm.pass(5_000);

  const nowMs = swarm.clock.now();
  const codec = ledger.sealing('', inProcessCodec(crypto));
  const object = await sealObject(crypto, { seed: 'records', nowMs, codec });
  ({ recordKey } = ledger.objects()[0]!);
  row = encodeSealedRecord(object.signed, [await signClaim(await crypto.signer(new Uint8Array(32)), object, { shards: [0], nowMs })]);
  deletedRow = encodeStored({ ...readStored(row), heads: [], tombstone: await signTombstone(object.owner) });
  const view = keeperView(machines.all().map(({ node }) => ({ node, upMs: 0 })));
  const nodes = keepersOf(view, recordKey);
  keepers = machines.all().filter(({ node }) => nodes.includes(node));
  others = machines.all().filter(({ node }) => !nodes.includes(node));
});

const keep = (some: readonly Machine[], value: Uint8Array): void => {
  for (const { last } of some) last.values.set('record', new Map([[recordKey, value]]));
};

/** What these checkers say now. */
function watch() {
  const now = (): number => swarm.clock.now();
  return together([replicasAreEqual, recordsAreFound], {
    ledger,
    nowMs: now,
    machine: () => undefined,
    machines: machines.all,
    startedMs: now,
  });
}

function violationsAtEnd(): readonly string[] {
  const { sights, violations } = watch();
  sights.ended(machines.all(), () => true);
  return violations.map(({ words }) => words.replace(recordKey.slice(0, 8), 'it'));
}

test('[SIM-9] keepers that have nothing of a record that anybody else has are found, and one of them that has another state', () => {
  expect(violationsAtEnd()).toEqual([]);
  keep(others.slice(0, 1), row);
  expect(violationsAtEnd()).toEqual(['of 8 keepers of it 8 have another state of it, or none']);
  keep(keepers, row);
  expect(violationsAtEnd()).toEqual([]);
  keep(keepers.slice(0, 1), deletedRow);
  expect(violationsAtEnd()).toEqual(['of 8 keepers of it 7 have another state of it, or none']);
});

test('[SIM-9] keepers that agree on a record as if it were not deleted are found', () => {
  keep(keepers, row);
  keep(others, deletedRow);
  expect(violationsAtEnd()).toEqual(['of 8 keepers of it 8 have another state of it, or none']);
});

test('[SIM-9] a record that is not found is a violation, unless all its keepers vanished', async () => {
  const [reader] = others;
  const look = (found: boolean): number => {
    const { sights, violations } = watch();
    sights.lookedUp({ node: reader!.node, honest: true }, { recordKey, begunMs: swarm.clock.now() }, found);
    return violations.length;
  };
  expect(look(true)).toBe(0);
  expect(look(false)).toBe(1);
  keep(keepers, row);
  const [last, ...rest] = keepers;
  for (const each of rest) machines.crash(each, 60_000, () => 0);
  expect(look(false)).toBe(1);
  // Back again they were away all the same.
  await swarm.pass(61_000);
  machines.crash(last!, 60_000, () => 0);
  expect(look(false)).toBe(0);
});
