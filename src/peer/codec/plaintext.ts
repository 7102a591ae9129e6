import { encodeHeader, type Header, streamLength } from '../../core/object/header.ts';
import { ShoalError } from '../../core/errors.ts';

/** Reads [start, end) of the file, into `spare` where that is as long and the platform can; `spare` is not used by the caller any more. */
export type ReadFile = (start: number, end: number, spare?: Uint8Array) => Promise<Uint8Array>;

/** The plaintext stream of an object by random access. Only the file is read; head and padding are made up. */
export interface PlaintextStream {
  /** Bytes, padding included. */
  readonly length: number;
  /** [start, end) of the stream, to be read only; `spare` as for the file. Throws `integrity` when the file no longer has the bytes. */
  read(start: number, end: number, spare?: Uint8Array): Promise<Uint8Array>;
}

/** Throws `bad-input` for a header that cannot be written. */
export function plaintextStream(header: Header, readFile: ReadFile): PlaintextStream {
  const head = encodeHeader(header);
  const fileEnd = head.length + header.size;
  return {
    length: streamLength(header),
    async read(start, end, spare) {
      if (head.length <= start && start < end && end <= fileEnd)
        return readExactly(readFile, start - head.length, end - head.length, spare);
      const bytes = new Uint8Array(end - start);
      if (start < head.length) bytes.set(head.subarray(start, Math.min(end, head.length)));
      const from = Math.max(start, head.length);
      const to = Math.min(end, fileEnd);
      if (from < to) bytes.set(await readExactly(readFile, from - head.length, to - head.length), from - start);
      return bytes;
    },
  };
}

/** A changed file starts anew with a fresh salt; going on would encrypt two contents under one key and nonce. */
export function fileChanged(): ShoalError {
  return new ShoalError(
    'integrity',
    'The file changed while it was being sealed. Nothing of it was stored; add it again once it no longer changes.',
  );
}

async function readExactly(readFile: ReadFile, start: number, end: number, spare?: Uint8Array): Promise<Uint8Array> {
  const bytes = await readFile(start, end, spare).catch(unreadable);
  if (bytes.length !== end - start) throw fileChanged();
  return bytes;
}

/** A browser refuses to read a file that changed, moved or was deleted; what it throws is not ours to interpret further. */
function unreadable(error: unknown): never {
  if (error instanceof ShoalError) throw error;
  throw new ShoalError('integrity', 'The file can no longer be read: it was changed, moved or deleted. Add it again.');
}
