import fc from 'fast-check';
import { objectKeys } from '../crypto/keys.ts';
import { contentRoot, type Descriptor, encodeDescriptorBody } from '../object/descriptor.ts';
import { encodeSigned } from '../object/signed.ts';
import { bitmapOf, encodeClaimBody, parseClaim, type SignedClaim } from './claim.ts';
import { headOf } from './heads.ts';
import { recordFrom, type RecordState } from './record.ts';
import { encodeRenewalBody, type SignedRenewal } from './renewal.ts';
import { encodeTombstoneBody, type SignedTombstone } from './tombstone.ts';

/** Statements on one object, with signatures that nobody checks. */
export const { objectKey } = objectKeys(new Uint8Array(32).fill(7));

const sign = (body: Uint8Array, fill = 0): Uint8Array => encodeSigned(body, new Uint8Array(64).fill(fill));

export interface Described {
  readonly descriptor: Descriptor;
  readonly signed: Uint8Array;
}

/** A descriptor of k = 1, m = 1; `variant` makes another contentRoot of the same version, `leaseMs` another signing of one. */
export function described(version: number, variant: number, leaseMs = 2_000): Described {
  const content = { objectKey, version, k: 1, m: 1, ciphertextLength: 5_000, roots: new Uint8Array(64).fill(variant) };
  const descriptor: Descriptor = {
    ...content,
    ...(version > 1 ? { previous: new Uint8Array(32) } : {}),
    contentRoot: contentRoot(content),
    createdMs: 1_000,
    leaseMs,
    class: 0,
    policy: { anchorsMin: 0, domainMax: 1 },
  };
  return { descriptor, signed: sign(encodeDescriptorBody(descriptor)) };
}

export function claimOn({ contentRoot }: Descriptor, holder: number, seq: number, bits: readonly number[]): SignedClaim {
  const body = encodeClaimBody({
    objectKey,
    contentRoot,
    holder: new Uint8Array(32).fill(holder),
    seq,
    bitmap: bitmapOf(bits, 2),
    issuedMs: 1_000,
    expiresMs: 2_000,
    durability: 0,
    persisted: 0,
  });
  const signed = sign(body);
  return { claim: parseClaim(signed).claim, signed };
}

/** `fill` makes another signature of the same. */
export function renewalUntil(leaseMs: number, fill = 0): SignedRenewal {
  const renewal = { objectKey, leaseMs };
  return { renewal, signed: sign(encodeRenewalBody(renewal), fill) };
}

export function tombstoneUpTo(upTo: number, fill = 0): SignedTombstone {
  const tombstone = { objectKey, upTo };
  return { tombstone, signed: sign(encodeTombstoneBody(tombstone), fill) };
}

/** Three versions, two of them signed by their owner for other contents too, and two contents signed for another lease. */
const versions: readonly Described[] = [
  described(1, 0),
  described(1, 0, 3_000),
  described(1, 1),
  described(2, 0),
  described(2, 1),
  described(2, 1, 3_000),
  described(3, 0),
];

/** Records with all that there is, and with more holders than the cap of 4 n = 8. */
export const records: fc.Arbitrary<RecordState> = fc
  .record({
    heads: fc.uniqueArray(fc.constantFrom(...versions), { maxLength: 3 }),
    claims: fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 3 }), fc.subarray([0, 1])), { maxLength: 16 }),
    renewal: fc.option(fc.tuple(fc.constantFrom(2_500, 9_000), fc.nat(1)), { nil: undefined }),
    tombstone: fc.option(fc.tuple(fc.constantFrom(1, 2), fc.nat(1)), { nil: undefined, freq: 3 }),
  })
  .filter(({ heads, renewal, tombstone }) => heads.length > 0 || renewal !== undefined || tombstone !== undefined)
  .map(({ heads, claims, renewal, tombstone }) =>
    recordFrom({
      heads: heads.map(({ descriptor, signed }) =>
        headOf(
          signed,
          descriptor,
          claims.map(([holder, seq, bits]) => claimOn(descriptor, holder, seq, bits)),
        ),
      ),
      renewal: renewal && renewalUntil(...renewal),
      tombstone: tombstone && tombstoneUpTo(...tombstone),
    }),
  );
