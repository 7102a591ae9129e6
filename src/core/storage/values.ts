import { ShoalError } from '../errors.ts';

/** Longest value of a meta store: a whole record (1 MiB) with room around it. */
export const valueBytesMax = 2 * 1024 * 1024;

/** Longest key of a meta store, in UTF-16 units. */
export const valueKeyMax = 512;

/** Throws `too-large` past either bound. */
export function requireValueBounds(key: string, value: Uint8Array): void {
  if (key.length > valueKeyMax) throw new ShoalError('too-large', `A key has at most ${valueKeyMax} characters, not ${key.length}.`);
  if (value.length > valueBytesMax) throw new ShoalError('too-large', `A value has at most ${valueBytesMax} bytes, not ${value.length}.`);
}
