import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bigEndian } from '../../src/core/bytes/integers.ts';
import { fromHex } from '../../src/core/bytes/text.ts';

/** The content of test/vectors/`name`.json, in the shape that README.md gives it. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as T;
}

/** Bytes in the notation of README.md: given in hex, or grown from a seed. */
export type Stream = { readonly hex: string } | { readonly seed: string; readonly length: number };

export function bytesOf(stream: Stream): Uint8Array {
  if ('hex' in stream) return fromHex(stream.hex);
  const grown = new Uint8Array(Math.ceil(stream.length / 32) * 32);
  for (let i = 0; i < grown.length / 32; i++) grown.set(createHash('sha256').update(stream.seed).update(bigEndian(i, 8)).digest(), i * 32);
  return grown.subarray(0, stream.length);
}

/** SHA-256 in hex, by Node and not by the code under test. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
