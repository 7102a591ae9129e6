import { ShoalError } from '../../core/errors.ts';
import type { Sink } from '../../peer/ports.ts';
import type { FromSink, ToSink } from './download-protocol.ts';
import { safeMedia } from './download-headers.ts';

/** Most bytes a Blob download may have; past it a browser may well run out of memory. */
export const blobBytesMax = 256 * 1024 * 1024;

/** A sink that gathers a file as a Blob; the page gets only the handle. */
export interface BlobSink extends Sink {
  /** The whole file, once closed. Rejects when the sink was aborted. */
  readonly result: Promise<Blob>;
}

/**
 * Gathers at most `bytesMax` bytes. Each write becomes a Blob part of its own, which the browser keeps outside this thread's memory.
 * `begin` throws `too-large` past the bound.
 */
export function blobSink(media: string, bytesMax: number = blobBytesMax): BlobSink {
  const parts: Blob[] = [];
  let open = true;
  let finish: (blob: Blob) => void = () => {};
  let fail: (reason: ShoalError) => void = () => {};
  const result = new Promise<Blob>((resolve, reject) => ((finish = resolve), (fail = reject)));
  result.catch(() => {});
  const requireOpen = (): void => {
    if (!open) throw new ShoalError('cancelled', 'This download has ended.');
  };
  return {
    result,
    async begin(length) {
      if (length > bytesMax) {
        const words = `This browser can save at most ${bytesMax} bytes here. Open the link in another browser, or download it in parts.`;
        throw new ShoalError('too-large', words);
      }
    },
    async write(bytes) {
      requireOpen();
      parts.push(new Blob([unshared(bytes)]));
    },
    async close() {
      requireOpen();
      open = false;
      finish(new Blob(parts.splice(0), { type: safeMedia(media) }));
    },
    async abort(reason) {
      if (!open) return;
      open = false;
      parts.length = 0;
      fail(new ShoalError('cancelled', reason));
    },
  };
}

/**
 * Feeds a streamed download through `port`; the other end is `streamFrom`. `write` waits for the browser to ask for more, which is how a
 * slow disk or a paused download holds back the network; bytes are transferred. Throws `cancelled` once the person has given up.
 * Ports do not tell that their other end is gone (Chromium 156 fires no `close`): the page finds that out by its pings.
 */
export function streamSink(port: MessagePort): Sink {
  let pulls = 0;
  let ended: ShoalError | undefined;
  let wake: () => void = () => {};

  const end = (reason: ShoalError): void => {
    ended ??= reason;
    port.close();
    wake();
  };
  const send = (message: FromSink, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  port.addEventListener('message', ({ data }: MessageEvent<ToSink>) => {
    if (data.t === 'cancel') return end(new ShoalError('cancelled', 'The download was cancelled in the browser.'));
    pulls++;
    wake();
  });
  port.start();

  const pulled = async (): Promise<void> => {
    while (ended === undefined && pulls === 0) await new Promise<void>((resolve) => (wake = resolve));
    if (ended !== undefined) throw ended;
    pulls--;
  };

  return {
    // How much will come was told when the download was registered.
    async begin() {},
    async write(bytes) {
      if (bytes.length === 0) return;
      await pulled();
      const moved = isMostOfItsBuffer(bytes) ? unshared(bytes) : unshared(bytes.slice());
      send({ t: 'chunk', bytes: moved }, [moved.buffer]);
    },
    async close() {
      if (ended !== undefined) throw ended;
      send({ t: 'end' });
      end(new ShoalError('cancelled', 'This download has ended.'));
    },
    async abort(reason) {
      if (ended !== undefined) return;
      send({ t: 'abort', reason });
      end(new ShoalError('cancelled', reason));
    },
  };
}

/**
 * Writes to a file that the person chose. The browser keeps what was written apart until `close`: an aborted download leaves the file as
 * it was. Throws `full` when the disk is, and `not-found` when the file cannot be written (removed, or the permission taken back).
 */
export function fileSink(handle: FileSystemFileHandle): Sink {
  let stream: FileSystemWritableFileStream | undefined;
  const writable = (): FileSystemWritableFileStream => {
    if (stream === undefined) throw new ShoalError('cancelled', 'This download has ended.');
    return stream;
  };
  return {
    async begin() {
      stream = await handle.createWritable().catch(unwritable);
    },
    async write(bytes) {
      await writable().write(unshared(bytes)).catch(unwritable);
    },
    async close() {
      await writable().close().catch(unwritable);
      stream = undefined;
    },
    async abort(reason) {
      const aborted = stream;
      stream = undefined;
      // It may have failed by itself already: then there is nothing to take back.
      await aborted?.abort(reason).catch(() => {});
    },
  };
}

function unwritable(error: unknown): never {
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    throw new ShoalError('full', 'There is no room left on the disk for this file.');
  throw new ShoalError('not-found', `The file cannot be written: ${error instanceof Error ? error.message : String(error)}`);
}

/** Memory comes in steps: what little there is beside the bytes may go with them. */
const isMostOfItsBuffer = ({ byteLength, buffer }: Uint8Array): boolean => 2 * byteLength > buffer.byteLength;

/** The browser's types refuse shared memory; nothing here is ever backed by it. */
const unshared = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;
