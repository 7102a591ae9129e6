import { decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { bytes, fields, formatted, type Infer, list, optional } from '../bytes/fields.ts';
import { toHex } from '../bytes/text.ts';
import { sha256 } from '../crypto/hash.ts';
import { recordKey } from '../crypto/keys.ts';
import { ShoalError } from '../errors.ts';
import { parseDescriptor } from '../object/descriptor.ts';
import { descriptorBytesMax } from '../object/geometry.ts';
import { claimBytesMax, claimsMax, headsMax, statementBytesMax } from '../wire/limits.ts';
import { parseClaim } from './claim.ts';
import { headOf } from './heads.ts';
import { recordFrom, type RecordState } from './record.ts';
import { parseRenewal } from './renewal.ts';
import { parseTombstone } from './tombstone.ts';

const storedFields = formatted({
  heads: [
    2,
    list(
      fields({ descriptor: [1, bytes({ most: descriptorBytesMax })], claims: [2, list(bytes({ most: claimBytesMax }), claimsMax)] }),
      headsMax,
    ),
  ],
  renewal: [3, optional(bytes({ most: statementBytesMax }))],
  tombstone: [4, optional(bytes({ most: statementBytesMax }))],
});

/** A record's signed statements as they are kept and sent, none of them looked into (SPEC REC-2). */
export type StoredRecord = Infer<typeof storedFields>;

/** The one form of a record, at rest and in messages; the same record gives the same bytes. */
export function encodeRecord({ heads, renewal, tombstone }: RecordState): Uint8Array {
  return encodeStored({
    heads: heads.map(({ signed, claims }) => ({ descriptor: signed, claims: [...claims.values()].map((claim) => claim.signed) })),
    renewal: renewal?.signed,
    tombstone: tombstone?.signed,
  });
}

export const encodeStored = (stored: StoredRecord): Uint8Array => encodeCbor(storedFields.write(stored)!);

/** The statements of an encoded record. Throws `bad-input`, or `too-new` for a later format. */
export const readStored = (encoded: Uint8Array): StoredRecord => storedFields.read(decodeCbor(encoded), 'record');

/** The key of an encoded record, by its first statement: nothing else in it is looked at. Throws as readStored does. */
export function recordKeyIn(encoded: Uint8Array): string {
  const { heads, renewal, tombstone } = readStored(encoded);
  const [head] = heads;
  const objectKey =
    (head && parseDescriptor(head.descriptor).descriptor.objectKey) ??
    (renewal && parseRenewal(renewal).renewal.objectKey) ??
    (tombstone && parseTombstone(tombstone).tombstone.objectKey);
  if (objectKey === undefined) throw new ShoalError('bad-input', 'A record has one statement at least.');
  return toHex(recordKey(objectKey));
}

/** A record kept here earlier: signatures were checked before it was kept. Throws `bad-input`, or `too-new` for a later format. */
export function decodeRecord(encoded: Uint8Array): RecordState {
  const { heads, renewal, tombstone } = readStored(encoded);
  return recordFrom({
    heads: heads.map(({ descriptor, claims }) =>
      headOf(
        descriptor,
        parseDescriptor(descriptor).descriptor,
        claims.map((signed) => ({ claim: parseClaim(signed).claim, signed })),
      ),
    ),
    renewal: renewal && { renewal: parseRenewal(renewal).renewal, signed: renewal },
    tombstone: tombstone && { tombstone: parseTombstone(tombstone).tombstone, signed: tombstone },
  });
}

/** Names a state of a record: the first 16 bytes of H of its encoding. Peers whose stamps are equal have nothing to tell each other. */
export const stampOf = (encoded: Uint8Array): Uint8Array => sha256(encoded).slice(0, 16);
