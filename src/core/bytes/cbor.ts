import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { ShoalError } from '../errors.ts';
import { equalBytes } from './compare.ts';

/** What Shoal's canonical CBOR can hold: unsigned integers ≤ 2^53 - 1, bytes, UTF-8 text, arrays, and maps with unsigned keys. */
export type CborValue = number | Uint8Array | string | readonly CborValue[] | CborMap;
export type CborMap = ReadonlyMap<number, CborValue>;

/** Containers inside containers, the outermost counted as 1. */
const depthMax = 6;

/** Canonical CBOR (RFC 8949 §4.2.1) of a value; map keys are sorted. Throws `bad-input` for a value outside the subset. */
export function encodeCbor(value: CborValue): Uint8Array {
  requireSubset(value, 0);
  return encode(value, rfc8949EncodeOptions);
}

/**
 * The value of one canonical CBOR item that fills `bytes` exactly.
 *
 * cborg alone still accepts unsorted map keys, so the value is encoded again and compared: what is signed has one spelling.
 * Throws `bad-input` for anything else.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  let value: CborValue;
  try {
    value = decode(bytes, { strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false });
  } catch (error) {
    throw new ShoalError('bad-input', `not CBOR: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!equalBytes(encodeCbor(value), bytes)) throw new ShoalError('bad-input', 'CBOR is not canonical');
  return value;
}

function requireSubset(value: unknown, depth: number): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw new ShoalError('bad-input', 'CBOR number is not an unsigned integer below 2^53');
    return;
  }
  if (typeof value === 'string' || value instanceof Uint8Array) return;
  if (depth === depthMax) throw new ShoalError('bad-input', `CBOR is nested deeper than ${depthMax}`);
  if (Array.isArray(value)) {
    for (const item of value) requireSubset(item, depth + 1);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      if (!Number.isSafeInteger(key) || key < 0) throw new ShoalError('bad-input', 'CBOR map key is not an unsigned integer');
      requireSubset(item, depth + 1);
    }
  } else {
    throw new ShoalError('bad-input', 'CBOR holds a kind of value outside the subset');
  }
}
