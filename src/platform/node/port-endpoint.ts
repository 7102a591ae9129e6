import type { MessagePort, Transferable, Worker } from 'node:worker_threads';
import type * as Comlink from 'comlink';

/** A worker thread, or its port to the thread that started it, as comlink speaks: with the listeners of the web. */
export function portEndpoint(port: Worker | MessagePort): Comlink.Endpoint {
  const heard = new Map<EventListenerOrEventListenerObject, (data: unknown) => void>();
  return {
    postMessage: (message: unknown, transfer = []) => port.postMessage(message, transfer as Transferable[]),
    addEventListener(_, listener) {
      const hear = (data: unknown): void => {
        const event = new MessageEvent('message', { data });
        if ('handleEvent' in listener) listener.handleEvent(event);
        else listener(event);
      };
      heard.set(listener, hear);
      port.on('message', hear);
    },
    removeEventListener(_, listener) {
      const hear = heard.get(listener);
      heard.delete(listener);
      if (hear !== undefined) port.off('message', hear);
    },
  };
}
