import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { roomFor } from '../../core/bytes/room.ts';
import {
  chunkBytes,
  chunkNonce,
  headBytes,
  saltBytes,
  sealedChunkBytes,
  sealedRange,
  streamLengthOf,
  tagBytes,
} from '../../core/crypto/chunks.ts';
import { chunkKeys, contentKey } from '../../core/crypto/keys.ts';
import { ShoalError } from '../../core/errors.ts';
import { type Excerpt, headExcerpt } from '../../core/object/excerpt.ts';
import type { Crypto, PlainHeader } from '../ports.ts';
import { callsAtOnce, inLanes } from './lanes.ts';
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
   * Takes the next pieces of the excerpt's ciphertext and gives the file bytes that it completes. When all of it was taken, everything
   * about it was checked. Throws `integrity`, after which the unsealer is of no more use.
   *
   * @param spare what was given before and is done with, whose memory is used again
   */
  push(pieces: readonly Uint8Array[], spare?: Uint8Array): Promise<Uint8Array>;
}

/** Throws `integrity` when no complete stream has a ciphertext of this length: the short last chunk is missing. */
export function createUnsealer(job: UnsealJob, crypto: Crypto): Unsealer {
  const stripper = createStripper(streamLengthOf(job.ciphertextLength));
  let openChunk: OpenChunk | undefined;
  let pending = pendingOf(headExcerpt, job.ciphertextLength);
  /** Memory in which chunks over a seam are joined, the same for every push: fresh memory meets a page fault for each 4 KiB. */
  let seams = new Uint8Array(0);

  /** Salt and commitment from the begin of the pieces, and what comes after them. */
  const takeHead = async (pieces: readonly Uint8Array[]): Promise<{ headToCome: boolean; begun: Uint8Array; body: Uint8Array[] }> => {
    let head = pending.rest;
    const body = pieces.map((piece) => {
      const taken = headBytes - head.length;
      head = concatBytes(head, piece.subarray(0, taken));
      return piece.subarray(taken);
    });
    if (head.length < headBytes) return { headToCome: true, begun: head, body };
    openChunk = await chunkOpener(job, head, crypto);
    return { headToCome: false, begun: new Uint8Array(0), body };
  };

  /** Opens chunks from number `first` on; gives what of `wanted` lies in them. */
  const openChunks = async (
    chunks: readonly Uint8Array[],
    first: number,
    wanted: Excerpt['bytes'],
    spare: Uint8Array | undefined,
  ): Promise<Uint8Array> => {
    const start = Math.max(wanted.start, first * chunkBytes);
    const end = first * chunkBytes + chunks.reduce((sum, { length }) => sum + length - tagBytes, 0);
    const opened = roomFor(Math.max(0, Math.min(wanted.end, end) - start), spare);
    const open = async (i: number): Promise<void> => {
      const plaintext = await openChunk!(first + i, chunks[i]!);
      if (plaintext === undefined) throw new ShoalError('integrity', 'The encrypted data was changed.');
      const part = stripper.strip(first + i, plaintext, wanted);
      // Copied as soon as it is there, while it is still in the processor's cache.
      if (part.length > 0) opened.set(part, Math.max(wanted.start, (first + i) * chunkBytes) - start);
    };
    // The very first chunk has the header, without which no other can be stripped.
    const alone = stripper.header === undefined ? Math.min(1, chunks.length) : 0;
    if (alone === 1) await open(0);
    await inLanes(chunks.length - alone, callsAtOnce, (i) => open(alone + i));
    return opened;
  };

  return {
    get header() {
      return stripper.header;
    },
    begin(excerpt) {
      if (stripper.header === undefined) throw new ShoalError('internal', 'The head of an object is opened first.');
      pending = pendingOf(excerpt, job.ciphertextLength);
    },
    async push(pieces, spare) {
      const { excerpt, toCome, next: first } = pending;
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (length > toCome) throw new ShoalError('integrity', 'There is more encrypted data than was asked for.');
      const { headToCome, begun, body } = pending.headToCome ? await takeHead(pieces) : { ...pending, begun: pending.rest, body: pieces };
      const most = (pieces.length + 1) * sealedChunkBytes;
      if (seams.length < most) seams = new Uint8Array(most);
      const { chunks, rest } = cutChunks(begun, body, length === toCome, seams);
      pending = { excerpt, rest, toCome: toCome - length, headToCome, next: first + chunks.length };
      return openChunks(chunks, first, excerpt.bytes, spare);
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

/** The sealed chunks that end in the pieces, views of them but for those over a seam, which are joined in `seams`; and a copy of what is left. */
function cutChunks(
  begun: Uint8Array,
  pieces: readonly Uint8Array[],
  isEnd: boolean,
  seams: Uint8Array,
): { readonly chunks: Uint8Array[]; readonly rest: Uint8Array } {
  const chunks: Uint8Array[] = [];
  let rest = begun;
  let joined = 0;
  for (const piece of pieces) {
    let at = 0;
    if (rest.length > 0) {
      at = Math.min(sealedChunkBytes - rest.length, piece.length);
      const seam = seams.subarray(joined, joined + rest.length + at);
      seam.set(rest);
      seam.set(piece.subarray(0, at), rest.length);
      rest = seam;
      if (rest.length < sealedChunkBytes) continue;
      chunks.push(rest);
      joined += sealedChunkBytes;
    }
    while (at + sealedChunkBytes <= piece.length) chunks.push(piece.subarray(at, (at += sealedChunkBytes)));
    rest = piece.subarray(at);
  }
  // One that is short counts only as the last.
  if (isEnd && rest.length > 0) return { chunks: [...chunks, rest], rest: new Uint8Array(0) };
  return { chunks, rest: rest.slice() };
}

/** Opens one chunk by its number; undefined when it is not what was sealed. */
type OpenChunk = (index: number, sealed: Uint8Array) => Promise<Uint8Array | undefined>;

/** The commitment comes first: data that opens under two keys never gets as far as a chunk. */
async function chunkOpener(job: UnsealJob, head: Uint8Array, crypto: Crypto): Promise<OpenChunk> {
  const salt = head.subarray(0, saltBytes);
  const keys = chunkKeys(contentKey(job.readKey, job.version), salt, job.objectKey, job.version);
  if (!equalBytes(keys.commitment, head.subarray(saltBytes))) throw new ShoalError('integrity', 'The key does not open this data.');
  const aead = await crypto.aesGcm(keys.key);
  const nonce = new Uint8Array(keys.nonce.length);

  return (index, sealed) => aead.open(chunkNonce(keys.nonce, index, nonce), sealed);
}
