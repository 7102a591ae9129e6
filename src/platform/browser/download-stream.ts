import type { FromSink, ToSink } from './download-protocol.ts';

export interface DownloadStream {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Makes the download fail, visibly, unless it is over. */
  fail(reason: string): void;
}

/**
 * The body of a download: pulls from the sink at the other end of `port`, one chunk at a time, as the browser asks for them.
 * It fails, and the download visibly with it, when the sink aborts. `over` is called once, however it ends.
 */
export function streamFrom(port: MessagePort, over: () => void): DownloadStream {
  const send = (message: ToSink): void => port.postMessage(message);
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  let arrived: () => void = () => {};
  let live = true;

  const end = (how: () => void): void => {
    if (!live) return;
    live = false;
    how();
    port.close();
    arrived();
    over();
  };
  const fail = (reason: string): void => end(() => controller.error(new Error(reason)));
  port.addEventListener('message', ({ data }: MessageEvent<FromSink>) => {
    if (!live) return;
    if (data.t === 'end') return end(() => controller.close());
    if (data.t === 'abort') return fail(data.reason);
    controller.enqueue(data.bytes);
    arrived();
  });

  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(own) {
      controller = own;
      port.start();
    },
    pull() {
      send({ t: 'pull' });
      return new Promise<void>((resolve) => (arrived = resolve));
    },
    cancel: () => end(() => send({ t: 'cancel' })),
  });
  return { body, fail };
}
