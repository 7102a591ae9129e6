import { decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { concatBytes } from '../bytes/compare.ts';
import { fields, type Infer, text, uint } from '../bytes/fields.ts';
import { bigEndian } from '../bytes/integers.ts';
import { toUtf8 } from '../bytes/text.ts';
import { ShoalError } from '../errors.ts';
import { paddedLength } from './padme.ts';

/** Bytes of UTF-8. */
export const nameBytesMax = 1024;
export const mediaBytesMax = 256;

/** The map, four keys, two texts and two integers at their longest. */
const cborBytesMax = 1 + 4 + (3 + nameBytesMax) + (3 + mediaBytesMax) + 9 + 9;
const lengthBytes = 4;

const headerFields = fields({
  name: [1, text(nameBytesMax)],
  media: [2, text(mediaBytesMax)],
  size: [3, uint()],
  mtime: [4, uint()],
});

/** What stands before the file's bytes, encrypted: name and media type as given, size in bytes, mtime in ms (0 if unknown). */
export type Header = Infer<typeof headerFields>;

/**
 * The beginning of the plaintext stream: u32 length || canonical CBOR.
 * Throws `bad-input` for a name or media type that is too long or is not Unicode.
 */
export function encodeHeader(header: Header): Uint8Array {
  requireTexts(header);
  const cbor = encodeCbor(headerFields.write(header)!);
  return concatBytes(bigEndian(cbor.length, lengthBytes), cbor);
}

/**
 * The header at the beginning of a plaintext stream, and how many bytes it takes there with its length.
 * `beginning` is the first chunk: no valid header is longer. Throws `integrity` for anything that encodeHeader does not write.
 */
export function parseHead(beginning: Uint8Array): { readonly header: Header; readonly headBytes: number } {
  if (beginning.length < lengthBytes) throw new ShoalError('integrity', 'The file has no header.');
  const length = new DataView(beginning.buffer, beginning.byteOffset).getUint32(0);
  const headBytes = lengthBytes + length;
  if (length > cborBytesMax || headBytes > beginning.length)
    throw new ShoalError('integrity', 'The header of the file has an impossible length.');
  try {
    const header = headerFields.read(decodeCbor(beginning.subarray(lengthBytes, headBytes)), 'header');
    requireTexts(header);
    return { header, headBytes };
  } catch (error) {
    throw new ShoalError('integrity', `The header of the file is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Length of the whole plaintext stream in bytes, padding included. */
export function streamLength(header: Header): number {
  return paddedLength(encodeHeader(header).length + header.size);
}

function requireTexts({ name, media }: Header): void {
  if (utf8Length(name) > nameBytesMax) throw new ShoalError('bad-input', `The name is longer than ${nameBytesMax} bytes.`);
  if (utf8Length(media) > mediaBytesMax) throw new ShoalError('bad-input', `The media type is longer than ${mediaBytesMax} bytes.`);
}

/** A lone surrogate has no UTF-8, and silently replacing it would not keep the name as given. */
function utf8Length(text: string): number {
  if (/\p{Surrogate}/u.test(text)) throw new ShoalError('bad-input', 'The name of the file is not valid Unicode.');
  return toUtf8(text).length;
}
