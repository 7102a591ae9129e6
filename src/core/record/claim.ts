import { bytes, formatted, type Infer, uint } from '../bytes/fields.ts';
import { ShoalError } from '../errors.ts';
import { encodeBody, parseStatement, type Signed, type Statement } from '../object/signed.ts';
import { bitmapBytesMax, claimBytesMax, claimLifetimeMs } from '../wire/limits.ts';

export const claimLabel = 'shoal/claim/1';

const claimFields = formatted({
  objectKey: [2, bytes(32)],
  contentRoot: [3, bytes(32)],
  /** Public key of the holder. */
  holder: [4, bytes(32)],
  /** The highest one of a holder and contentRoot counts, also when it holds fewer bits: that is a confession. */
  seq: [5, uint()],
  /** Bit segment × n + shard. */
  bitmap: [6, bytes({ most: bitmapBytesMax })],
  issuedMs: [7, uint()],
  expiresMs: [8, uint()],
  /** 0 strict, 1 relaxed, 2 memory. */
  durability: [9, uint(0, 2)],
  /** 1 when the browser promised to keep the data. */
  persisted: [10, uint(0, 1)],
});

/** A holder's cumulative statement of all shards of one object version that it holds (SPEC CLAIM-1). */
export type Claim = Infer<typeof claimFields>;

/** A claim with the bytes that were signed. */
export interface SignedClaim {
  readonly claim: Claim;
  readonly signed: Uint8Array;
}

const statement: Statement<Claim> = { name: 'claim', body: claimFields, bytesMax: claimBytesMax, requireSound };

/** Canonical CBOR of the body: what is signed, under `claimLabel`. Throws `bad-input` for a claim that no reader accepts. */
export const encodeClaimBody = (claim: Claim): Uint8Array => encodeBody(statement, claim);

/** Reads a signed claim; the signature is not checked. Throws `bad-input`, or `too-new` for a later format. */
export function parseClaim(signed: Uint8Array): Signed & { readonly claim: Claim } {
  const { stated: claim, body, signature } = parseStatement(statement, signed);
  return { claim, body, signature };
}

/** The bitmap of `count` bits in which exactly `bits` are set: bit i is bit i mod 8, least significant first, of byte ⌊i / 8⌋. */
export function bitmapOf(bits: readonly number[], count: number): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(count / 8));
  for (const bit of bits) {
    if (!Number.isInteger(bit) || bit < 0 || bit >= count) throw new RangeError(`bit ${bit} is outside a bitmap of ${count}`);
    bitmap[bit >> 3]! |= 1 << (bit & 7);
  }
  return bitmap;
}

/** Whether the claim names shard `bit` = segment × n + shard; false past the end of its bitmap. */
export function claimHolds({ bitmap }: Pick<Claim, 'bitmap'>, bit: number): boolean {
  return ((bitmap[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

function requireSound({ issuedMs, expiresMs }: Claim): void {
  if (expiresMs < issuedMs || expiresMs - issuedMs > claimLifetimeMs)
    throw new ShoalError('bad-input', 'A claim expires within 30 days after it was issued.');
}
