import { InvalidArgumentError, Option } from 'commander';
import type { WantedPart } from './transfers/get-file.ts';

/** Values of options as commander reads them: what is refused names the option. */

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected.');
  return Number(text);
}

/** Seconds as text; ms as value. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0 || value > 86_400)
    throw new InvalidArgumentError('seconds are expected, at most 86400.');
  return value * 1000;
}

/** `0-499`, or `500-` to the end: both ends counted, as HTTP counts them (RFC 9110 §14.1.2). */
export function byteRange(text: string): WantedPart {
  const [, first, last] = /^(\d{1,15})-(\d{1,15})?$/.exec(text) ?? [];
  if (first === undefined) throw new InvalidArgumentError('two byte numbers are expected, such as 0-499, or 500- for all from there.');
  if (last !== undefined && Number(last) < Number(first)) throw new InvalidArgumentError('its last byte comes before its first.');
  return { first: Number(first), ...(last === undefined ? {} : { last: Number(last) }) };
}

/** `--wait`: how long nothing may move. Its value is in ms. */
export function waitOption(): Option {
  return new Option('--wait <SECONDS>', 'give up when nothing moved for so long').argParser(seconds).default(60_000, '60');
}
