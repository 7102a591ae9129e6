import { nothingWithoutAuthority } from './authority.ts';
import { capacityHolds } from './capacity.ts';
import type { Checker } from './checker.ts';
import { noncesAreOnce } from './nonces.ts';
import { ownersHoldNone } from './owner-holds-none.ts';
import { queuesHold } from './queues.ts';
import { readsAreStored } from './reads.ts';
import { recordsAreFound } from './records.ts';
import { removedBytesReturn } from './removed-bytes.ts';
import { replicasAreEqual } from './replicas.ts';
import { requestsAreBounded } from './requests.ts';
import { secretsStay } from './secrets.ts';
import { tombstonesAreFinal } from './tombstones.ts';
import { versionsNeverGoBack } from './versions.ts';

/** Every invariant that a run is held to (SPEC SIM-9). */
export const checkers: readonly Checker[] = [
  readsAreStored,
  nothingWithoutAuthority,
  tombstonesAreFinal,
  recordsAreFound,
  replicasAreEqual,
  removedBytesReturn,
  versionsNeverGoBack,
  noncesAreOnce,
  ownersHoldNone,
  capacityHolds,
  queuesHold,
  requestsAreBounded,
  secretsStay,
];
