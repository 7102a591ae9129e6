import { bytes, formatted, type Infer, uint } from '../bytes/fields.ts';
import { encodeBody, parseStatement, type Signed, type Statement } from '../object/signed.ts';
import { statementBytesMax } from '../wire/limits.ts';

export const tombstoneLabel = 'shoal/tombstone/1';

/** Up to here a tombstone is over every version that there can be: the object is deleted for good. */
export const everyVersion = Number.MAX_SAFE_INTEGER;

const tombstoneFields = formatted({
  /** Public key of the object. */
  objectKey: [2, bytes(32)],
  /** This version and all before it are deleted, also those that turn up later. */
  upTo: [3, uint(1)],
});

/** An owner's statement that versions of their object are deleted (SPEC TOMB-1). */
export type Tombstone = Infer<typeof tombstoneFields>;

/** A tombstone with the bytes that were signed. */
export interface SignedTombstone {
  readonly tombstone: Tombstone;
  readonly signed: Uint8Array;
}

const statement: Statement<Tombstone> = { name: 'tombstone', body: tombstoneFields, bytesMax: statementBytesMax };

/** Canonical CBOR of the body: what is signed, under `tombstoneLabel`. Throws `bad-input`. */
export const encodeTombstoneBody = (tombstone: Tombstone): Uint8Array => encodeBody(statement, tombstone);

/** Reads a signed tombstone; the signature is not checked. Throws `bad-input`, or `too-new` for a later format. */
export function parseTombstone(signed: Uint8Array): Signed & { readonly tombstone: Tombstone } {
  const { stated: tombstone, body, signature } = parseStatement(statement, signed);
  return { tombstone, body, signature };
}
