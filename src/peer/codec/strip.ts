import { chunkBytes } from '../../core/crypto/chunks.ts';
import { ShoalError } from '../../core/errors.ts';
import type { Excerpt } from '../../core/object/excerpt.ts';
import { parseHead, streamLength } from '../../core/object/header.ts';
import type { PlainHeader } from '../ports.ts';

/** Takes head and padding off the chunks of a plaintext stream of known length. */
export interface Stripper {
  readonly header: PlainHeader | undefined;
  /**
   * The bytes of `wanted` that lie in chunk `index`, a view of it. The first chunk comes first. Throws `integrity` for a header that is
   * damaged or does not lie in the first chunk, a length that is not the header's, and padding that is not zero.
   */
  strip(index: number, chunk: Uint8Array, wanted: Excerpt['bytes']): Uint8Array;
}

export function createStripper(length: number): Stripper {
  let header: PlainHeader | undefined;
  let fileEnd = 0;

  const begin = (chunk: Uint8Array): void => {
    const head = parseHead(chunk);
    if (streamLength(head.header) !== length) throw new ShoalError('integrity', 'The file has not the length that its header says.');
    header = head.header;
    fileEnd = head.headBytes + header.size;
  };

  return {
    get header() {
      return header;
    },
    strip(index, chunk, wanted) {
      if (header === undefined) begin(chunk);
      const position = index * chunkBytes;
      const end = position + chunk.length;
      if (end > fileEnd && !isZero(chunk, within(fileEnd - position, chunk)))
        throw new ShoalError('integrity', 'The padding of the file is not zero.');
      if (wanted.start <= position && end <= wanted.end) return chunk;
      return chunk.subarray(within(wanted.start - position, chunk), within(wanted.end - position, chunk));
    },
  };
}

/** Whether all bytes from `start` on are zero. Not by `some`: a call for each byte of the padding was a twelfth of the time of opening. */
function isZero(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

function within(offset: number, chunk: Uint8Array): number {
  return Math.min(Math.max(offset, 0), chunk.length);
}
