import { fromHex, toHex } from '../bytes/text.ts';
import { ShoalError } from '../errors.ts';

/** A state of a record, named by its stamp (core/record/stored.ts). */
export interface Stamped {
  /** Lower-case hex. */
  readonly recordKey: string;
  readonly stamp: Uint8Array;
}

const keyBytes = 32;
const entryBytes = 48;

/** Record key (32) || stamp (16) of each, by rising key (SPEC SYNC-1). No key may be there twice. */
export function encodeSyncDigest(records: readonly Stamped[]): Uint8Array {
  const digest = new Uint8Array(records.length * entryBytes);
  for (const [i, { recordKey, stamp }] of records.toSorted((a, b) => (a.recordKey < b.recordKey ? -1 : 1)).entries()) {
    digest.set(fromHex(recordKey), i * entryBytes);
    digest.set(stamp, i * entryBytes + keyBytes);
  }
  return digest;
}

/** Throws `bad-input` for a length or an order that no digest has. */
export function decodeSyncDigest(digest: Uint8Array): Stamped[] {
  const records = piecesOf(digest, entryBytes).map((entry) => ({
    recordKey: toHex(entry.subarray(0, keyBytes)),
    stamp: entry.subarray(keyBytes),
  }));
  if (records.some(({ recordKey }, i) => i > 0 && recordKey <= records[i - 1]!.recordKey))
    throw new ShoalError('bad-input', 'A sync is not in order.');
  return records;
}

/** Record keys, one after another. */
export function encodeKeys(recordKeys: readonly string[]): Uint8Array {
  return fromHex(recordKeys.join(''));
}

/** Throws `bad-input` for a length that none have. */
export const decodeKeys = (keys: Uint8Array): string[] => piecesOf(keys, keyBytes).map(toHex);

function piecesOf(bytes: Uint8Array, size: number): Uint8Array[] {
  if (bytes.length % size !== 0) throw new ShoalError('bad-input', `A sync has ${size} bytes for each record.`);
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}
