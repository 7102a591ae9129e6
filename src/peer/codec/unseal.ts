import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { chunkNonce, headBytes, saltBytes, sealedChunkBytes, sealedRange, streamLengthOf } from '../../core/crypto/chunks.ts';
import { chunkKeys, contentKey } from '../../core/crypto/keys.ts';
import { ShoalError } from '../../core/errors.ts';
import { type Excerpt, headExcerpt } from '../../core/object/excerpt.ts';
import type { Crypto, PlainHeader } from '../ports.ts';
import { createStripper } from './strip.ts';

export interface UnsealJob {
  readonly objectKey: Uint8Array;
  readonly readKey: Uint8Array;
  readonly version: number;
  readonly ciphertextLength: number;
}

/** Decrypts excerpts of one ciphertext, the head first, each piece after piece, keeping less than one chunk. One `push` at a time. */
export interface Unsealer {
  /** The header, from the moment the first chunk was opened. */
  readonly header: PlainHeader | undefined;
  /** Turns to an excerpt; before the first call it is the head. Throws `internal` before the head was opened. */
  begin(excerpt: Excerpt): void;
  /**
   * Takes the next piece of the excerpt's ciphertext and gives the file bytes that it completes. When all of it was taken, everything
   * about it was checked. Throws `integrity`, after which the unsealer is of no more use.
   */
  push(piece: Uint8Array): Promise<Uint8Array>;
}

/** Throws `integrity` when no complete stream has a ciphertext of this length: the short last chunk is missing. */
export function createUnsealer(job: UnsealJob, crypto: Crypto): Unsealer {
  const stripper = createStripper(streamLengthOf(job.ciphertextLength));
  let openChunk: OpenChunk | undefined;
  let pending = pendingOf(headExcerpt, job.ciphertextLength);

  return {
    get header() {
      return stripper.header;
    },
    begin(excerpt) {
      if (stripper.header === undefined) throw new ShoalError('internal', 'The head of an object is opened first.');
      pending = pendingOf(excerpt, job.ciphertextLength);
    },
    async push(piece) {
      const { excerpt } = pending;
      const bytes = concatBytes(pending.rest, piece);
      const toCome = pending.toCome - piece.length;
      if (toCome < 0) throw new ShoalError('integrity', 'There is more encrypted data than was asked for.');
      const bodyStart = pending.headToCome && bytes.length >= headBytes ? headBytes : 0;
      if (bodyStart > 0) openChunk = await chunkOpener(job, bytes.subarray(0, headBytes), crypto);
      const headToCome = pending.headToCome && bodyStart === 0;
      const chunks = headToCome ? [] : wholeChunks(bytes.subarray(bodyStart), toCome === 0);
      const first = pending.next;
      const taken = chunks.reduce((sum, chunk) => sum + chunk.length, bodyStart);
      pending = { excerpt, rest: bytes.slice(taken), toCome, headToCome, next: first + chunks.length };
      const opened = await Promise.all(chunks.map((chunk, i) => openChunk!(first + i, chunk)));
      return concatBytes(...opened.map((chunk, i) => stripper.strip(first + i, chunk, excerpt.bytes)));
    },
  };
}

/** How far an excerpt was taken. */
interface Pending {
  readonly excerpt: Excerpt;
  /** Bytes of a chunk, or of the head, that is not whole yet. */
  readonly rest: Uint8Array;
  readonly toCome: number;
  /** Salt and commitment come next. */
  readonly headToCome: boolean;
  /** Number of the next chunk. */
  readonly next: number;
}

function pendingOf(excerpt: Excerpt, ciphertextLength: number): Pending {
  const { start, end } = sealedRange(excerpt.chunks, ciphertextLength);
  const { first } = excerpt.chunks;
  return { excerpt, rest: new Uint8Array(0), toCome: end - start, headToCome: first === 0, next: first };
}

/** The sealed chunks that `bytes` begin with; one that is short counts only as the last. */
function wholeChunks(bytes: Uint8Array, isEnd: boolean): Uint8Array[] {
  const count = isEnd ? Math.ceil(bytes.length / sealedChunkBytes) : Math.floor(bytes.length / sealedChunkBytes);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * sealedChunkBytes, (i + 1) * sealedChunkBytes));
}

/** Opens one chunk by its number. */
type OpenChunk = (index: number, sealed: Uint8Array) => Promise<Uint8Array>;

/** The commitment comes first: data that opens under two keys never gets as far as a chunk. */
async function chunkOpener(job: UnsealJob, head: Uint8Array, crypto: Crypto): Promise<OpenChunk> {
  const salt = head.subarray(0, saltBytes);
  const keys = chunkKeys(contentKey(job.readKey, job.version), salt, job.objectKey, job.version);
  if (!equalBytes(keys.commitment, head.subarray(saltBytes))) throw new ShoalError('integrity', 'The key does not open this data.');
  const aead = await crypto.aesGcm(keys.key);

  return async (index, sealed) => {
    const plaintext = await aead.open(chunkNonce(keys.nonce, index), sealed);
    if (plaintext === undefined) throw new ShoalError('integrity', 'The encrypted data was changed.');
    return plaintext;
  };
}
