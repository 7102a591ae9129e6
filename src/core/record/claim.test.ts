import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { type CborMap, decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { encodeSigned } from '../object/signed.ts';
import { claimBytesMax, claimLifetimeMs } from '../wire/limits.ts';
import { bitmapOf, type Claim, claimHolds, encodeClaimBody, parseClaim } from './claim.ts';

const key = new Uint8Array(32).fill(7);
const claim: Claim = {
  objectKey: key,
  contentRoot: key,
  holder: key,
  seq: 1,
  bitmap: bitmapOf([3], 12),
  issuedMs: 1_000,
  expiresMs: 2_000,
  durability: 0,
  persisted: 1,
};
const sign = (body: Uint8Array): Uint8Array => encodeSigned(body, new Uint8Array(64));
const refused = expect.objectContaining({ code: 'bad-input' });

describe('claims', () => {
  it('[CLAIM-1] a claim reads back; other fields, forms and lengths are refused', () => {
    expect(parseClaim(sign(encodeClaimBody(claim))).claim).toEqual(claim);
    const map = decodeCbor(encodeClaimBody(claim)) as CborMap;
    for (const [field, value] of [
      [9, 3],
      [10, 2],
      [4, new Uint8Array(31)],
      [11, 0],
    ] as const) {
      expect(() => parseClaim(sign(encodeCbor(new Map([...map, [field, value]]))))).toThrow(refused);
    }
    expect(() => parseClaim(sign(encodeCbor(new Map([...map, [1, 2]]))))).toThrow(expect.objectContaining({ code: 'too-new' }));
    expect(() => parseClaim(new Uint8Array(claimBytesMax + 1))).toThrow(refused);
  });

  it('[CLAIM-2] a claim lasts 30 days at most and does not end before it begins', () => {
    const lasting = (ms: number) => () => encodeClaimBody({ ...claim, expiresMs: claim.issuedMs + ms });
    expect(lasting(0)).not.toThrow();
    expect(lasting(claimLifetimeMs)).not.toThrow();
    expect(lasting(claimLifetimeMs + 1)).toThrow(refused);
    expect(lasting(-1)).toThrow(refused);
  });

  it('[CLAIM-3] bit i is bit i mod 8 of byte i / 8, least significant first; past the end nothing is held', () => {
    expect(bitmapOf([0, 9, 11], 12)).toEqual(Uint8Array.of(0x01, 0x0a));
    expect(claimHolds({ bitmap: Uint8Array.of(0x01) }, 8)).toBe(false);
    expect(() => bitmapOf([12], 12)).toThrow(RangeError);
    const bits = fc.uniqueArray(fc.nat(299), { maxLength: 50 });
    fc.assert(
      fc.property(bits, (set) => {
        const bitmap = bitmapOf(set, 300);
        expect(Array.from({ length: 310 }, (_, i) => i).filter((i) => claimHolds({ bitmap }, i))).toEqual(set.toSorted((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });
});
