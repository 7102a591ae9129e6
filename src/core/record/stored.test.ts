import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CborMap, type CborValue, decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { contentRoot, type Descriptor, encodeDescriptorBody } from '../object/descriptor.ts';
import { descriptorBytesMax, maxCiphertextLength } from '../object/geometry.ts';
import { encodeSigned } from '../object/signed.ts';
import { claimLifetimeMs, claimsMax, recordBytesMax } from '../wire/limits.ts';
import { encodeClaimBody, type Claim, type SignedClaim } from './claim.ts';
import { claimsOn } from './heads.ts';
import { joinRecords, recordOf, sameRecord } from './record.ts';
import { objectKey, records, renewalUntil, tombstoneUpTo } from './samples.contract.ts';
import { decodeRecord, encodeRecord, readStored, stampOf } from './stored.ts';

const unsigned = new Uint8Array(64);

test('[REC-2] a kept record is read back as it was, and the same record gives the same bytes', () => {
  fc.assert(
    fc.property(records, records, (a, b) => {
      const [one, other] = [joinRecords(a, b), joinRecords(b, a)].map(encodeRecord) as [Uint8Array, Uint8Array];
      const read = decodeRecord(one);
      expect(read.recordKey).toBe(a.recordKey);
      expect(sameRecord(read, joinRecords(a, b))).toBe(true);
      expect(other).toEqual(one);
      expect(encodeRecord(read)).toEqual(one);
      expect(stampOf(one)).toHaveLength(16);
    }),
    { numRuns: 60 },
  );
});

test('[FMT-1] a record of a later format is too-new, in words; one without a format is none', () => {
  const with1 = (value: CborValue) =>
    encodeCbor(new Map<number, CborValue>([...(decodeCbor(encodeRecord(sample)) as CborMap), [1, value]]));
  const [sample] = fc.sample(records, 1) as [Parameters<typeof encodeRecord>[0]];
  expect(() => readStored(with1(2))).toThrow(
    expect.objectContaining({ code: 'too-new', message: 'The record was made by a newer version of Shoal.' }),
  );
  expect(() => readStored(with1(new Uint8Array(3)))).toThrow(expect.objectContaining({ code: 'bad-input' }));
});

/** The longest head of an n-shard code, and a claim on it that no other claim is longer than. */
function largest(k: number, m: number, version: number) {
  const n = k + m;
  const ciphertextLength = maxCiphertextLength(k, m);
  const segments = ciphertextLength / (k * 262_144 * 32);
  const most = Number.MAX_SAFE_INTEGER;
  const content = { objectKey, version, k, m, ciphertextLength, roots: new Uint8Array(32 * n * segments) };
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
  const made = (older: number) => {
    const { descriptor, signed, claimOf } = largest(k, m, Number.MAX_SAFE_INTEGER - 1 - older);
    expect(signed.length).toBeLessThanOrEqual(descriptorBytesMax);
    const claims = Array.from({ length: 4 * (k + m) + 10 }, (_, holder) => claimOf(holder));
    return { record: recordOf(signed, descriptor, claims), descriptor, claims, fewer: recordOf(signed, descriptor, claims.slice(5)) };
  };
  const [newest, before] = [made(0), made(1)];
  const record = {
    ...joinRecords(newest.record, before.record),
    renewal: renewalUntil(Number.MAX_SAFE_INTEGER),
    tombstone: tombstoneUpTo(1),
  };
  const [{ claims }] = record.heads as [(typeof record.heads)[number]];
  expect(claims.size).toBe(claimsOn(newest.descriptor));
  expect(claims.size).toBeLessThanOrEqual(claimsMax);
  const encoded = encodeRecord(record);
  expect(encoded.length).toBeLessThanOrEqual(recordBytesMax);
  if (claims.size < 4 * (k + m)) expect(encoded.length + 2 * (newest.claims[0]!.signed.length + 3)).toBeGreaterThan(recordBytesMax - 1_024);
  expect(sameRecord(joinRecords(newest.record, newest.fewer), newest.record)).toBe(true);
});
