import type { FromSink, ToSink } from './download-protocol.ts';

/**
 * The body of a download: pulls from the sink at the other end of `port`, one chunk at a time, as the browser asks for them.
 * It fails, and the download visibly with it, when the sink aborts. When the sink's tab is gone nothing more comes and nobody pings: the
 * browser then ends the service worker, which fails the download too. `over` is called once, however it ends.
 */
export function streamFrom(port: MessagePort, over: () => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  const send = (message: ToSink): void => port.postMessage(message);
  let arrived: () => void = () => {};
  let live = true;
  const end = (): boolean => {
    if (!live) return false;
    live = false;
    port.close();
    arrived();
    over();
    return true;
  };

  return new ReadableStream({
    start(controller) {
      port.addEventListener('message', ({ data }: MessageEvent<FromSink>) => {
        if (!live) return;
        if (data.t === 'chunk') {
          controller.enqueue(new Uint8Array(data.bytes));
          arrived();
        } else if (end()) {
          if (data.t === 'end') controller.close();
          else controller.error(new Error(data.reason));
        }
      });
      port.start();
    },
    pull() {
      send({ t: 'pull' });
      return new Promise<void>((resolve) => (arrived = resolve));
    },
    cancel() {
      send({ t: 'cancel' });
      end();
    },
  });
}
