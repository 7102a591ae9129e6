import { ShoalError } from '../errors.ts';

/** Salt (24) and commitment (32) before the first chunk. */
export const saltBytes = 24;
export const headBytes = 56;

/** Plaintext bytes of every chunk but the last, which is always shorter. */
export const chunkBytes = 16_384;
export const tagBytes = 16;
export const sealedChunkBytes = chunkBytes + tagBytes;

/** Length of the ciphertext of a plaintext stream. */
export function ciphertextLength(streamLength: number): number {
  return headBytes + streamLength + tagBytes * chunkCount(streamLength);
}

/** Chunks of a plaintext stream, the short last one (possibly empty) included. */
export function chunkCount(streamLength: number): number {
  return Math.floor(streamLength / chunkBytes) + 1;
}

/**
 * Length of the plaintext stream behind a ciphertext.
 * Throws `integrity` when no complete stream has a ciphertext of this length: the short last chunk is missing.
 */
export function streamLengthOf(ciphertextBytes: number): number {
  const body = ciphertextBytes - headBytes;
  const last = body % sealedChunkBytes;
  if (body < 0 || last < tagBytes) throw new ShoalError('integrity', 'The encrypted data is truncated: its last chunk is missing.');
  return Math.floor(body / sealedChunkBytes) * chunkBytes + last - tagBytes;
}

/** Nonce of chunk `index`: the base nonce XOR the chunk number, big-endian; written to `nonce` where one is given. */
export function chunkNonce(base: Uint8Array, index: number, nonce = new Uint8Array(base.length)): Uint8Array {
  nonce.set(base);
  let rest = index;
  for (let i = nonce.length - 1; rest > 0; i--) {
    nonce[i]! ^= rest % 256;
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

/** Whole chunks, [first, end). */
export interface ChunkRange {
  readonly first: number;
  readonly end: number;
}

/** Chunks [first, end) that have bytes in the ciphertext range [start, end); none when the range lies in salt and commitment. */
export function chunksIn(start: number, end: number): ChunkRange {
  const bodyStart = Math.max(start - headBytes, 0);
  const bodyEnd = Math.max(end - headBytes, 0);
  return { first: Math.floor(bodyStart / sealedChunkBytes), end: Math.ceil(bodyEnd / sealedChunkBytes) };
}

/** Where chunk `index` begins in the ciphertext. */
export const sealedChunkStart = (index: number): number => headBytes + index * sealedChunkBytes;

/** Ciphertext [start, end) of whole chunks; that of chunk 0 begins with salt and commitment. */
export function sealedRange({ first, end }: ChunkRange, ciphertextBytes: number): { readonly start: number; readonly end: number } {
  return { start: first === 0 ? 0 : sealedChunkStart(first), end: Math.min(sealedChunkStart(end), ciphertextBytes) };
}
