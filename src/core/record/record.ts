import { compareBytes, equalBytes } from '../bytes/compare.ts';
import { toHex } from '../bytes/text.ts';
import { recordKey } from '../crypto/keys.ts';
import { ShoalError } from '../errors.ts';
import type { Descriptor } from '../object/descriptor.ts';
import { higher } from '../object/signed.ts';
import type { SignedClaim } from './claim.ts';
import { type Head, headOf, joinHeads, sameHead } from './heads.ts';
import type { SignedRenewal } from './renewal.ts';
import type { SignedTombstone } from './tombstone.ts';

/** What a record is made of. */
export interface RecordParts {
  /** The newest version and the one before, or two that the owner signed of one version; the highest first. */
  readonly heads: readonly Head[];
  readonly renewal?: SignedRenewal | undefined;
  readonly tombstone?: SignedTombstone | undefined;
}

/**
 * The record of one object: its heads, and what its owner said beside. Everything in it is self-certifying; whoever builds one from
 * outside checks the signatures first (peer/verify). No time enters: what it means now is in view.ts.
 */
export interface RecordState extends RecordParts {
  readonly recordKey: string;
  readonly objectKey: Uint8Array;
}

/** A record of one head. Claims that do not belong to it are left out. Signatures are not looked at. */
export function recordOf(signed: Uint8Array, descriptor: Descriptor, claims: Iterable<SignedClaim>): RecordState {
  return recordFrom({ heads: [headOf(signed, descriptor, claims)] });
}

/** A record of statements on one object. Throws `bad-input` where there is none, or where they are on several. */
export function recordFrom(parts: RecordParts): RecordState {
  const { heads, renewal, tombstone } = parts;
  const said = [...heads.map(({ descriptor }) => descriptor), renewal?.renewal, tombstone?.tombstone].filter((each) => each !== undefined);
  const objectKey = said[0]?.objectKey;
  if (objectKey === undefined || !said.every((each) => equalBytes(each.objectKey, objectKey)))
    throw new ShoalError('bad-input', 'A record has statements on one object.');
  return { recordKey: toHex(recordKey(objectKey)), objectKey, ...normal(parts) };
}

/**
 * The join of two states of one record (SPEC REC-1): of tombstones the one over more versions, of renewals the one for longer, and the
 * heads by joinHeads. Commutative, associative and idempotent: each part is the highest of what is there under an order that depends on
 * nothing else, but for deleted versions, which are the lowest ones. Time never enters.
 */
export function joinRecords(a: RecordState, b: RecordState): RecordState {
  const { recordKey: key, objectKey } = a;
  return {
    recordKey: key,
    objectKey,
    ...normal({
      heads: [...a.heads, ...b.heads],
      renewal: higher(a.renewal, b.renewal, ({ renewal }) => renewal.leaseMs),
      tombstone: higher(a.tombstone, b.tombstone, ({ tombstone }) => tombstone.upTo),
    }),
  };
}

/** Whether the record says the same as another one, byte for byte. */
export function sameRecord(a: RecordState, b: RecordState): boolean {
  return (
    a.heads.length === b.heads.length &&
    a.heads.every((head, i) => sameHead(head, b.heads[i])) &&
    sameStatement(a.renewal, b.renewal) &&
    sameStatement(a.tombstone, b.tombstone)
  );
}

const normal = ({ heads, renewal, tombstone }: RecordParts): RecordParts => ({
  heads: joinHeads(heads, tombstone?.tombstone.upTo ?? 0),
  renewal,
  tombstone,
});

type Said = { readonly signed: Uint8Array } | undefined;

function sameStatement(a: Said, b: Said): boolean {
  return a === b || (a !== undefined && b !== undefined && compareBytes(a.signed, b.signed) === 0);
}
