import { expect, test } from 'vitest';
import { encodeDescriptorBody, parseDescriptor } from '../../core/object/descriptor.ts';
import { encodeSigned } from '../../core/object/signed.ts';
import { encodeClaimBody, parseClaim } from '../../core/record/claim.ts';
import { nodeCrypto } from '../../platform/node/crypto.ts';
import { createLedger } from '../ledger.ts';
import { encodeSealedRecord, sealObject, signClaim } from '../sealed-object.ts';
import { standInSignatures } from '../stand-in.ts';
import { nothingWithoutAuthority } from './authority.ts';
import { together } from './checker.ts';

const nowMs = Date.UTC(2026, 0, 1);

test('[SIM-9] a statement that was changed under a signature that was good before is found in a record', async () => {
  const ledger = createLedger();
  const crypto = ledger.signing(standInSignatures(nodeCrypto()), () => {});
  const world = { ledger, nowMs: () => nowMs, machine: () => undefined, machines: () => [], startedMs: () => 0 };
  const { sights, violations } = together([nothingWithoutAuthority], world);
  const object = await sealObject(crypto, { seed: 'authority', nowMs });
  const claim = await signClaim(await crypto.signer(new Uint8Array(32)), object, { shards: [0], nowMs });
  const keep = (descriptor: Uint8Array, by: Uint8Array): void =>
    sights.kept({ node: 'ab', honest: true }, 'record', 'cd', encodeSealedRecord(descriptor, [by]));
  keep(object.signed, claim);
  keep(object.signed, claim);
  expect(violations).toEqual([]);

  const { descriptor, signature } = parseDescriptor(object.signed);
  const otherLease = encodeSigned(encodeDescriptorBody({ ...descriptor, leaseMs: descriptor.leaseMs + 1 }), signature);
  keep(otherLease, claim);
  const claimed = parseClaim(claim);
  const otherSeq = encodeSigned(encodeClaimBody({ ...claimed.claim, seq: claimed.claim.seq + 1 }), claimed.signature);
  keep(object.signed, otherSeq);
  expect(violations.map(({ words }) => words)).toEqual([
    'the record cd has a descriptor that nobody signed',
    'the record cd has a claim that nobody signed',
  ]);
});
