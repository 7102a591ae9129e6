import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { objectKeys } from '../crypto/keys.ts';
import { contentRoot, type Descriptor, encodeDescriptorBody } from '../object/descriptor.ts';
import { encodeSigned } from '../object/signed.ts';
import { bitmapOf, encodeClaimBody, parseClaim } from './claim.ts';
import { decodeRecord, encodeRecord, holdersOf, joinRecords, type RecordState, recordOf, sameRecord, type SignedClaim } from './record.ts';

const { objectKey } = objectKeys(new Uint8Array(32).fill(7));
const unsigned = new Uint8Array(64);

/** A head of k = 1, m = 1 with two shards; `variant` makes another contentRoot of the same version. */
function head(version: number, variant: number): { descriptor: Descriptor; signed: Uint8Array } {
  const content = { objectKey, version, k: 1, m: 1, ciphertextLength: 5_000, roots: new Uint8Array(64).fill(variant) };
  const descriptor: Descriptor = {
    ...content,
    ...(version > 1 ? { previous: new Uint8Array(32) } : {}),
    contentRoot: contentRoot(content),
    createdMs: 1_000,
    leaseMs: 2_000,
    class: 0,
    policy: { anchorsMin: 0, domainMax: 1 },
  };
  return { descriptor, signed: encodeSigned(encodeDescriptorBody(descriptor), unsigned) };
}

const heads = [head(1, 0), head(1, 1), head(2, 0)];

function claimOn(descriptor: Descriptor, holder: number, seq: number, bits: number[]): SignedClaim {
  const body = encodeClaimBody({
    objectKey,
    contentRoot: descriptor.contentRoot,
    holder: new Uint8Array(32).fill(holder),
    seq,
    bitmap: bitmapOf(bits, 2),
    issuedMs: 1_000,
    expiresMs: 2_000,
    durability: 0,
    persisted: 0,
  });
  const signed = encodeSigned(body, unsigned);
  return { claim: parseClaim(signed).claim, signed };
}

/** Records with more holders than the cap of 4 n = 8. */
const record: fc.Arbitrary<RecordState> = fc
  .record({
    head: fc.constantFrom(...heads),
    claims: fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 3 }), fc.subarray([0, 1])), { maxLength: 16 }),
  })
  .map(({ head: { descriptor, signed }, claims }) =>
    recordOf(
      signed,
      descriptor,
      claims.map(([holder, seq, bits]) => claimOn(descriptor, holder, seq, bits)),
    ),
  );

const join = joinRecords;
const runs = { numRuns: 150 };

test('[REC-1] the join is commutative', () => {
  fc.assert(
    fc.property(record, record, (a, b) => sameRecord(join(a, b), join(b, a))),
    runs,
  );
});

test('[REC-1] the join is associative, with the cap on claims exceeded', () => {
  fc.assert(
    fc.property(record, record, record, (a, b, c) => sameRecord(join(join(a, b), c), join(a, join(b, c)))),
    runs,
  );
});

test('[REC-1] the join is idempotent and never holds more than 4 n claims', () => {
  fc.assert(
    fc.property(record, (a) => {
      expect(sameRecord(join(a, a), a)).toBe(true);
      expect(a.claims.size).toBeLessThanOrEqual(8);
    }),
    runs,
  );
});

test('[REC-1] the higher version wins, and a later claim with fewer bits is a confession', () => {
  const { descriptor, signed } = heads[0]!;
  const old = recordOf(signed, descriptor, [claimOn(descriptor, 1, 1, [0, 1])]);
  const confessed = recordOf(signed, descriptor, [claimOn(descriptor, 1, 2, [1])]);
  expect(holdersOf(join(old, confessed), 1_500)[0]!.map((holders) => holders.length)).toEqual([0, 1]);
  const newer = recordOf(heads[2]!.signed, heads[2]!.descriptor, []);
  expect(join(old, newer).descriptor.version).toBe(2);
});

test('[REC-1] a claim on another head does not count, an expired one is not shown', () => {
  const { descriptor, signed } = heads[0]!;
  expect(recordOf(signed, descriptor, [claimOn(heads[1]!.descriptor, 1, 1, [0])]).claims.size).toBe(0);
  const state = recordOf(signed, descriptor, [claimOn(descriptor, 1, 1, [0])]);
  expect(holdersOf(state, 2_000)[0]!.flat()).toEqual([]);
  expect(holdersOf(state, 1_999)[0]!.flat()).toHaveLength(1);
});

test('[REC-2] a kept record is read back as it was', () => {
  fc.assert(
    fc.property(record, (a) => {
      const read = decodeRecord(encodeRecord(a));
      expect(read.recordKey).toBe(a.recordKey);
      expect(toHex(read.descriptor.contentRoot)).toBe(toHex(a.descriptor.contentRoot));
      expect(sameRecord(read, a)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
