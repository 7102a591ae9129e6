import { ShoalError } from '../errors.ts';
import { blockGranule } from '../erasure/coder.ts';
import { shardsMax } from '../erasure/matrix.ts';
import { hashBytes, leafCount } from '../merkle/tree.ts';

/** Most bytes of one shard in one stripe. */
export const blockBytes = 262_144;
export const stripesPerSegment = 32;

/** A signed descriptor is at most this long, which bounds the roots and so the file. */
export const descriptorBytesMax = 262_144;

/** Everything in a signed descriptor but the roots, at its longest. A test encodes one. */
export const descriptorOverheadBytes = 319;

/** How a ciphertext lies in stripes, blocks, segments and shards (SPEC GEO-*). Lengths in bytes, indices from 0. */
export interface Geometry {
  readonly k: number;
  readonly m: number;
  readonly n: number;
  readonly ciphertextLength: number;
  readonly stripes: number;
  readonly segments: number;
  /** Ciphertext bytes of every stripe but the last. */
  readonly stripeBytes: number;
  /** Stripes of one segment. */
  segmentStripes(segment: number): number;
  /** Length of each of the n shards of one segment. */
  shardLength(segment: number): number;
  /** Length of each block of one stripe, counted over the whole object. */
  blockLength(stripe: number): number;
  /** Ciphertext [start, end) of one stripe. */
  stripeRange(stripe: number): { readonly start: number; readonly end: number };
  /** Leaves of each shard of one segment. */
  leaves(segment: number): number;
}

/** Throws `bad-input` outside 1 ≤ k, 0 ≤ m, k + m ≤ 255, 1 ≤ ciphertextLength. */
export function geometry(k: number, m: number, ciphertextLength: number): Geometry {
  requireShape(k, m);
  if (!Number.isSafeInteger(ciphertextLength) || ciphertextLength < 1)
    throw new ShoalError('bad-input', 'A ciphertext has at least one byte.');
  const stripeBytes = k * blockBytes;
  const stripes = Math.ceil(ciphertextLength / stripeBytes);
  const segments = Math.ceil(stripes / stripesPerSegment);
  const lastBlockLength = Math.ceil(Math.ceil((ciphertextLength - (stripes - 1) * stripeBytes) / k) / blockGranule) * blockGranule;

  const segmentStripes = (segment: number): number => Math.min(stripesPerSegment, stripes - segment * stripesPerSegment);
  const shardLength = (segment: number): number =>
    segmentStripes(segment) * blockBytes - (segment === segments - 1 ? blockBytes - lastBlockLength : 0);
  return {
    k,
    m,
    n: k + m,
    ciphertextLength,
    stripes,
    segments,
    stripeBytes,
    segmentStripes,
    shardLength,
    blockLength: (stripe) => (stripe === stripes - 1 ? lastBlockLength : blockBytes),
    stripeRange: (stripe) => ({ start: stripe * stripeBytes, end: Math.min((stripe + 1) * stripeBytes, ciphertextLength) }),
    leaves: (segment) => leafCount(shardLength(segment)),
  };
}

/** The longest ciphertext whose descriptor stays within its bound, 0 if there is none. Throws `bad-input` for a shape that no code has. */
export function maxCiphertextLength(k: number, m: number): number {
  requireShape(k, m);
  const segments = Math.floor((descriptorBytesMax - descriptorOverheadBytes) / (hashBytes * (k + m)));
  return segments * stripesPerSegment * k * blockBytes;
}

/** Throws `bad-input` outside 1 ≤ k, 0 ≤ m, k + m ≤ 255. */
export function requireShape(k: number, m: number): void {
  if (!Number.isInteger(k) || !Number.isInteger(m) || k < 1 || m < 0 || k + m > shardsMax) {
    throw new ShoalError('bad-input', `There is no code of ${k} data and ${m} parity shards.`);
  }
}
