import { roomFor } from '../../core/bytes/room.ts';
import { ShoalError } from '../../core/errors.ts';
import type { FileHandle } from '../../peer/ports.ts';
import type { FileReader } from '../file-reader.ts';

/** A read that takes longer than this is begun anew on another stream, which is given twice as long, ms. */
const patienceMs = 3_000;

/** A stream of a blob from some byte on. */
interface Open {
  readonly reader: ReadableStreamBYOBReader;
  /** Where the next byte of it stands. */
  at: number;
}

/**
 * Reads a dropped file as one stream as long as what is asked for follows on what was read before, and begins another one where it does
 * not. Reads wait for each other. A stream that gives nothing is left for another one: in Chromium 156 about one in 500, of files on disk
 * as of those in memory, never answers. `bad-input` for a handle that is no file, `integrity` when it can no longer be read.
 */
export function blobReader(file: FileHandle, firstPatienceMs = patienceMs): FileReader {
  if (!(file instanceof Blob)) throw new ShoalError('bad-input', 'Only files can be sealed here.');
  let open: Open | undefined;
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  const leave = (): void => {
    void open?.reader.cancel().catch(() => {});
    open = undefined;
  };
  const streamAt = (start: number): Open => {
    if (closed) throw new ShoalError('cancelled', 'This file is not read any more.');
    if (open?.at !== start) {
      leave();
      open = { reader: file.slice(start).stream().getReader({ mode: 'byob' }), at: start };
    }
    return open;
  };
  const read = async (start: number, end: number, spare?: Uint8Array): Promise<Uint8Array> => {
    try {
      let reading = filled(streamAt(start).reader, roomFor(end - start, spare));
      for (let waitMs = firstPatienceMs; !(await isDone(reading, waitMs)); waitMs *= 2) {
        reading.catch(() => {});
        leave();
        reading = filled(streamAt(start).reader, roomFor(end - start, undefined));
      }
      const bytes = await reading;
      if (open !== undefined) open.at += bytes.length;
      return bytes;
    } catch (error) {
      leave();
      if (error instanceof ShoalError) throw error;
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
    close() {
      closed = true;
      leave();
    },
  };
}

/** Whether a promise is settled within this time. */
function isDone(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const settled = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(settled, settled);
  });
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
