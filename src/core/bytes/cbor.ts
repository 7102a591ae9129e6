import { ShoalError } from '../errors.ts';
import { fromUtf8, toUtf8 } from './text.ts';

/** What Shoal's canonical CBOR can hold: unsigned integers ≤ 2^53 - 1, bytes, UTF-8 text, arrays, and maps with unsigned keys. */
export type CborValue = number | Uint8Array | string | readonly CborValue[] | CborMap;
export type CborMap = ReadonlyMap<number, CborValue>;

/** Containers inside containers, the outermost counted as 1. */
const depthMax = 6;

/** Major types of RFC 8949 §3.1; those that are missing here are outside the subset. */
const major = { unsigned: 0, bytes: 2, text: 3, array: 4, map: 5 } as const;

/** Canonical CBOR (RFC 8949 §4.2.1) of a value; map keys are sorted. Throws `bad-input` for a value outside the subset. */
export function encodeCbor(value: CborValue): Uint8Array {
  const out: Output = { bytes: room, length: 0 };
  write(out, value, 0);
  return out.bytes.slice(0, out.length);
}

/** Nearly everything is written here before it is copied to its length: memory for each would cost more than the writing. */
const room = new Uint8Array(4_096);

interface Output {
  bytes: Uint8Array;
  length: number;
}

function write(out: Output, value: unknown, depth: number): void {
  if (typeof value === 'number') writeHead(out, major.unsigned, unsigned(value, 'number'));
  else if (typeof value === 'string') writeBytes(out, major.text, toUtf8(value));
  else if (value instanceof Uint8Array) writeBytes(out, major.bytes, value);
  else if (depth === depthMax) throw refused(`nested deeper than ${depthMax}`);
  else if (Array.isArray(value)) {
    writeHead(out, major.array, value.length);
    for (const item of value) write(out, item, depth + 1);
  } else if (value instanceof Map) {
    writeHead(out, major.map, value.size);
    for (const [key, item] of ascends(value) ? value : [...value].sort(([a], [b]) => a - b)) {
      writeHead(out, major.unsigned, unsigned(key, 'map key'));
      write(out, item, depth + 1);
    }
  } else throw refused('a kind of value outside the subset');
}

function unsigned(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw refused(`a ${what} that is not an unsigned integer below 2^53`);
  return value as number;
}

/** Whether the keys rise already, as they do in every map of ours: then nothing is sorted. */
function ascends(map: ReadonlyMap<number, unknown>): boolean {
  let before = -1;
  for (const key of map.keys()) {
    if (key <= before) return false;
    before = key;
  }
  return true;
}

/** Major type and argument, the argument in its shortest form. */
function writeHead(out: Output, type: number, argument: number): void {
  const length = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  const at = grow(out, 1 + length);
  if (length === 0) {
    out.bytes[at] = (type << 5) | argument;
    return;
  }
  out.bytes[at] = (type << 5) | (24 + Math.log2(length));
  let left = argument;
  for (let i = length; i > 0; i--) {
    out.bytes[at + i] = left % 256;
    left = Math.floor(left / 256);
  }
}

function writeBytes(out: Output, type: number, bytes: Uint8Array): void {
  writeHead(out, type, bytes.length);
  const at = grow(out, bytes.length);
  out.bytes.set(bytes, at);
}

/** Makes room for `length` more bytes and gives where they begin. */
function grow(out: Output, length: number): number {
  const at = out.length;
  out.length += length;
  if (out.length > out.bytes.length) {
    const larger = new Uint8Array(Math.max(out.length, 2 * out.bytes.length));
    larger.set(out.bytes);
    out.bytes = larger;
  }
  return at;
}

/**
 * The value of one canonical CBOR item that fills `bytes` exactly. What is signed has one spelling, so a longer form, map keys that do
 * not ascend and everything outside the subset are refused as they are met. Throws `bad-input`.
 */
export const decodeCbor = (bytes: Uint8Array): CborValue => decode({ bytes, at: 0, views: false });

/** The same, its byte strings views of `bytes`: for whoever keeps none of them longer than those. */
export const viewCbor = (bytes: Uint8Array): CborValue => decode({ bytes, at: 0, views: true });

interface Input {
  readonly bytes: Uint8Array;
  at: number;
  /** Byte strings are views of the input, not copies. */
  readonly views: boolean;
}

function decode(input: Input): CborValue {
  const value = read(input, 0);
  if (input.at !== input.bytes.length) throw refused('bytes after its end');
  return value;
}

function read(input: Input, depth: number): CborValue {
  const first = next(input);
  const argument = readArgument(input, first & 31);
  const type = first >> 5;
  switch (type) {
    case major.unsigned:
      return argument;
    case major.bytes:
      return input.views ? input.bytes.subarray(input.at, past(input, argument)) : input.bytes.slice(input.at, past(input, argument));
    case major.text:
      return fromUtf8(input.bytes.subarray(input.at, past(input, argument)));
    case major.array:
    case major.map:
      if (depth === depthMax) throw refused(`nested deeper than ${depthMax}`);
      return type === major.array ? readArray(input, argument, depth + 1) : readMap(input, argument, depth + 1);
    default:
      throw refused('a kind of value outside the subset');
  }
}

function readArray(input: Input, count: number, depth: number): CborValue[] {
  const items: CborValue[] = [];
  // A count that is not true ends where the bytes do, before it costs memory.
  while (items.length < count) items.push(read(input, depth));
  return items;
}

function readMap(input: Input, count: number, depth: number): CborMap {
  const map = new Map<number, CborValue>();
  let before = -1;
  while (map.size < count) {
    const first = next(input);
    const key = readArgument(input, first & 31);
    if (first >> 5 !== major.unsigned) throw refused('a map key that is not an unsigned integer');
    if (key <= before) throw refused('map keys that do not ascend');
    map.set(key, read(input, depth));
    before = key;
  }
  return map;
}

/** The argument of a head, by the lower five bits of its first byte. */
function readArgument(input: Input, short: number): number {
  if (short < 24) return short;
  if (short > 27) throw refused('a reserved or indefinite length');
  const length = 1 << (short - 24);
  let argument = 0;
  for (let i = 0; i < length; i++) argument = argument * 256 + next(input);
  // Beyond 2^53 the sum is rounded, but never down to below it.
  if (!Number.isSafeInteger(argument)) throw refused('a number that is not below 2^53');
  if (argument < shortestOf[short - 24]!) throw refused('a number not in its shortest form');
  return argument;
}

/** The least number that needs 1, 2, 4 and 8 bytes. */
const shortestOf = [24, 0x100, 0x1_0000, 0x1_0000_0000] as const;

function next(input: Input): number {
  const { bytes, at } = input;
  if (at >= bytes.length) throw refused('an end before its end');
  input.at = at + 1;
  return bytes[at]!;
}

/** Goes on by `length` bytes; gives where they end. */
function past(input: Input, length: number): number {
  const end = input.at + length;
  if (end > input.bytes.length) throw refused('an end before its end');
  input.at = end;
  return end;
}

const refused = (why: string): ShoalError => new ShoalError('bad-input', `This is not canonical CBOR: ${why}.`);
