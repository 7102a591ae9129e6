import { ShoalError } from '../../core/errors.ts';
import { parseHead, streamLength } from '../../core/object/header.ts';
import type { PlainHeader } from '../ports.ts';

/** Takes head and padding off a plaintext stream of known length, chunk after chunk. */
export interface Stripper {
  readonly header: PlainHeader | undefined;
  /**
   * The file bytes in the next chunk, a view of it. Throws `integrity` for a header that is damaged or does not lie in the first chunk,
   * a length that is not the header's, and padding that is not zero.
   */
  strip(chunk: Uint8Array): Uint8Array;
}

export function createStripper(length: number): Stripper {
  let header: PlainHeader | undefined;
  let fileStart = 0;
  let fileEnd = 0;
  let position = 0;

  const begin = (chunk: Uint8Array): void => {
    const head = parseHead(chunk);
    if (streamLength(head.header) !== length) throw new ShoalError('integrity', 'The file has not the length that its header says.');
    header = head.header;
    fileStart = head.headBytes;
    fileEnd = fileStart + header.size;
  };

  return {
    get header() {
      return header;
    },
    strip(chunk) {
      if (header === undefined) begin(chunk);
      const start = within(fileStart - position, chunk);
      const end = within(fileEnd - position, chunk);
      if (chunk.subarray(end).some((byte) => byte !== 0)) throw new ShoalError('integrity', 'The padding of the file is not zero.');
      position += chunk.length;
      return chunk.subarray(start, end);
    },
  };
}

function within(offset: number, chunk: Uint8Array): number {
  return Math.min(Math.max(offset, 0), chunk.length);
}
