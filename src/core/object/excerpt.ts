import { chunkBytes, chunkCount, type ChunkRange } from '../crypto/chunks.ts';
import { ShoalError } from '../errors.ts';
import { encodeHeader, type Header, streamLength } from './header.ts';

/** Bytes of a file. */
export interface FilePart {
  readonly offset: number;
  readonly length: number;
}

/** What is read of an object at once: whole chunks, and which bytes [start, end) of the plaintext stream in them are handed out. */
export interface Excerpt {
  readonly chunks: ChunkRange;
  readonly bytes: { readonly start: number; readonly end: number };
}

/** What every reader reads first: the chunk that has the header. None of its file bytes. */
export const headExcerpt: Excerpt = { chunks: { first: 0, end: 1 }, bytes: { start: 0, end: 0 } };

/**
 * What has to be read for a part of a file (SPEC READ-8), or for all of it. All of it is read with its padding, so that holders do not
 * learn by what is asked for where the file ends. Throws `bad-input` for a part that the file does not have.
 */
export function excerptOf(header: Header, part: FilePart | undefined): Excerpt {
  const head = encodeHeader(header).length;
  if (part === undefined) {
    return { chunks: { first: 0, end: chunkCount(streamLength(header)) }, bytes: { start: head, end: head + header.size } };
  }
  requirePart(part, header.size);
  const start = head + part.offset;
  const end = start + part.length;
  return { chunks: { first: Math.floor(start / chunkBytes), end: Math.ceil(end / chunkBytes) }, bytes: { start, end } };
}

/** Throws `bad-input` for anything but one or more whole bytes of a file of `size` bytes. */
export function requirePart({ offset, length }: FilePart, size: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 1)
    throw new ShoalError('bad-input', 'A part begins at byte 0 or later and has at least one byte.');
  if (offset + length > size) throw new ShoalError('bad-input', `The file has ${size} bytes, and this part would end after them.`);
}
