import { describe, expect, test } from 'vitest';
import { chunkBytes, chunkCount } from '../crypto/chunks.ts';
import { excerptOf, requirePart } from './excerpt.ts';
import { encodeHeader, type Header, streamLength } from './header.ts';

const header: Header = { name: 'film.mp4', media: 'video/mp4', size: 1_000_000, mtime: 0 };
const head = encodeHeader(header).length;

describe('[READ-8] what is read of an object', () => {
  test('[READ-8] a part is the chunks that have its bytes, and no other', () => {
    const offset = 3 * chunkBytes - head;
    expect(excerptOf(header, { offset, length: chunkBytes })).toEqual({
      chunks: { first: 3, end: 4 },
      bytes: { start: 3 * chunkBytes, end: 4 * chunkBytes },
    });
    expect(excerptOf(header, { offset: offset - 1, length: 2 }).chunks).toEqual({ first: 2, end: 4 });
    expect(excerptOf(header, { offset: 0, length: 1 }).chunks).toEqual({ first: 0, end: 1 });
  });

  test('[READ-8] all of a file is read with its padding', () => {
    const { chunks, bytes } = excerptOf(header, undefined);
    expect(chunks).toEqual({ first: 0, end: chunkCount(streamLength(header)) });
    expect(bytes).toEqual({ start: head, end: head + header.size });
  });

  test.each([
    { offset: -1, length: 1 },
    { offset: 0, length: 0 },
    { offset: 0, length: -5 },
    { offset: 0.5, length: 1 },
    { offset: 0, length: Number.NaN },
    { offset: 0, length: Number.POSITIVE_INFINITY },
    { offset: 1_000_000, length: 1 },
    { offset: 999_999, length: 2 },
  ])('[READ-8] there is no part $offset, $length of a million bytes', (part) => {
    expect(() => requirePart(part, 1_000_000)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(() => excerptOf(header, part)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  test('[READ-8] the last byte is a part', () => {
    expect(() => requirePart({ offset: 999_999, length: 1 }, 1_000_000)).not.toThrow();
  });
});
