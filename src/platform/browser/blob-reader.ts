import { ShoalError } from '../../core/errors.ts';
import type { FileHandle } from '../../peer/ports.ts';
import { type FileReader, roomFor } from '../file-reader.ts';

/** A stream of a blob from some byte on. */
interface Open {
  readonly reader: ReadableStreamBYOBReader;
  /** Where the next byte of it stands. */
  at: number;
}

/**
 * Reads a dropped file as one stream as long as what is asked for follows on what was read before, and begins another one where it does
 * not. Reads wait for each other. `bad-input` for a handle that is no file, `integrity` when it can no longer be read.
 */
export function blobReader(file: FileHandle): FileReader {
  if (!(file instanceof Blob)) throw new ShoalError('bad-input', 'Only files can be sealed here.');
  let open: Open | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const leave = (): void => {
    void open?.reader.cancel().catch(() => {});
    open = undefined;
  };
  const streamAt = (start: number): Open => {
    if (open?.at !== start) {
      leave();
      open = { reader: file.slice(start).stream().getReader({ mode: 'byob' }), at: start };
    }
    return open;
  };
  const read = async (start: number, end: number, spare?: Uint8Array): Promise<Uint8Array> => {
    try {
      const stream = streamAt(start);
      const bytes = await filled(stream.reader, roomFor(end - start, spare));
      stream.at += bytes.length;
      return bytes;
    } catch {
      leave();
      // Chromium refuses to read a file that was changed or deleted on disk since it was dropped.
      throw new ShoalError('integrity', 'The file was changed or removed while it was being read. Drop it again.');
    }
  };

  return {
    read(start, end, spare) {
      const reading = turn.then(() => read(start, end, spare));
      turn = reading.catch(() => {});
      return reading;
    },
    close: leave,
  };
}

/** Fills `room`, which is moved into the stream and back: a read gives what there is, up to the end of the file. */
async function filled(reader: ReadableStreamBYOBReader, room: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { length } = room;
  let buffer = room.buffer;
  let at = 0;
  while (at < length) {
    // `min` where the engine has it: one read instead of several.
    const { value, done } = await reader.read(new Uint8Array(buffer, at, length - at), { min: length - at });
    if (value === undefined) break;
    at += value.length;
    ({ buffer } = value);
    if (done) break;
  }
  return new Uint8Array(buffer, 0, at);
}
