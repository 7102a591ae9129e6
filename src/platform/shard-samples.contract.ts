import { expect } from 'vitest';
import { equalBytes } from '../core/bytes/compare.ts';
import { blockBytes } from '../core/object/geometry.ts';
import { leafBytes } from '../core/merkle/tree.ts';
import type { Place, ShardMeta, ShardStore, StagedShard } from '../peer/ports.ts';

/** Places, shards and metadata for the suites of shard stores. */

/** Places that differ in one part each. */
export const placeA: Place = { contentRoot: 'aa'.repeat(32), segment: 0, shard: 0 };
export const placeB: Place = { ...placeA, shard: 1 };
export const placeC: Place = { ...placeA, segment: 1 };
export const placeD: Place = { ...placeA, contentRoot: 'ab'.repeat(32) };
export const places: readonly Place[] = [placeA, placeB, placeC, placeD];

/** `length` bytes that differ from their neighbours, and between seeds. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + seed * 101) & 255;
  return bytes;
}

export function sampleMeta(place: Place, length: number): ShardMeta {
  const digests = sampleBytes(32 * Math.ceil(length / leafBytes), 3);
  return { ...place, length, root: sampleBytes(32, 4), digests, owner: sampleBytes(32, 5), lease: 1_800_000_000_000 };
}

export function blocksOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, i) => bytes.slice(i * blockBytes, (i + 1) * blockBytes));
}

export async function writeAll(staged: StagedShard, bytes: Uint8Array): Promise<void> {
  await Promise.all(blocksOf(bytes).map((block) => staged.write(block)));
}

/** Equal bytes; `toEqual` takes seconds for a block. */
export function expectBytes(actual: Uint8Array | undefined, expected: Uint8Array, what?: string): void {
  expect(actual?.length, what).toBe(expected.length);
  expect(equalBytes(actual!, expected), what).toBe(true);
}

/** Stores a whole shard. */
export async function hold(store: ShardStore, place: Place, bytes: Uint8Array): Promise<void> {
  const staged = await store.stage(place, bytes.length);
  // The commit at once: a store may gather blocks until one waits for them.
  await Promise.all([writeAll(staged, bytes), staged.commit(sampleMeta(place, bytes.length))]);
}
