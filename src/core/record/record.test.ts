import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { objectKeys } from '../crypto/keys.ts';
import { contentRoot, type Descriptor, encodeDescriptorBody } from '../object/descriptor.ts';
import { encodeSigned } from '../object/signed.ts';
import { descriptorBytesMax, maxCiphertextLength } from '../object/geometry.ts';
import { claimLifetimeMs, claimsMax, messageBytesMax } from '../wire/limits.ts';
import { bitmapOf, type Claim, encodeClaimBody, parseClaim } from './claim.ts';
import {
  claimsOn,
  decodeRecord,
  encodeRecord,
  holdersOf,
  joinRecords,
  type RecordState,
  recordOf,
  sameRecord,
  type SignedClaim,
} from './record.ts';

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

/** The longest head of an n-shard code, and a claim on it that no other claim is longer than. */
function largest(k: number, m: number) {
  const n = k + m;
  const ciphertextLength = maxCiphertextLength(k, m);
  const segments = ciphertextLength / (k * 262_144 * 32);
  const most = Number.MAX_SAFE_INTEGER;
  const content = { objectKey, version: most, k, m, ciphertextLength, roots: new Uint8Array(32 * n * segments) };
  const descriptor: Descriptor = {
    ...content,
    previous: new Uint8Array(32),
    contentRoot: contentRoot(content),
    createdMs: most,
    leaseMs: most,
    class: 2,
    policy: { anchorsMin: most, domainMax: most },
    wrap: new Uint8Array(60),
  };
  const claimOf = (holder: number): SignedClaim => {
    const claim: Claim = {
      objectKey,
      contentRoot: descriptor.contentRoot,
      holder: new Uint8Array(32).map((_, i) => (i < 2 ? (holder >> (8 * i)) & 255 : 7)),
      seq: most,
      bitmap: new Uint8Array(Math.ceil((n * segments) / 8)).fill(255),
      issuedMs: most - claimLifetimeMs,
      expiresMs: most,
      durability: 2,
      persisted: 1,
    };
    return { claim, signed: encodeSigned(encodeClaimBody(claim), unsigned) };
  };
  return { descriptor, signed: encodeSigned(encodeDescriptorBody(descriptor), unsigned), claimOf };
}

test.each([
  [128, 127],
  [10, 4],
  [4, 2],
  [1, 0],
])('[REC-6] with as many claims as it may have, the longest record of %i+%i fits a message, and one more claim would not help', (k, m) => {
  const { descriptor, signed, claimOf } = largest(k, m);
  expect(signed.length).toBeLessThanOrEqual(descriptorBytesMax);
  const claims = Array.from({ length: 4 * (k + m) + 10 }, (_, holder) => claimOf(holder));
  const record = recordOf(signed, descriptor, claims);
  expect(record.claims.size).toBe(claimsOn(descriptor, signed));
  expect(record.claims.size).toBeLessThanOrEqual(claimsMax);
  const encoded = encodeRecord(record);
  // A message has a kind and an id besides.
  expect(encoded.length).toBeLessThanOrEqual(messageBytesMax - 16);
  if (record.claims.size < 4 * (k + m)) expect(encoded.length + claims[0]!.signed.length + 3).toBeGreaterThan(messageBytesMax - 1_024);
  expect(sameRecord(join(record, recordOf(signed, descriptor, claims.slice(5))), record)).toBe(true);
});
