import * as Comlink from 'comlink';
import type { Dialer, Link, LinkEvents, SignalData } from '../../peer/ports.ts';
import { createDialer, type RemoteConnections } from './dialer.ts';

/** What a test worker answers: its real Dialer and real Links, each wrapped so that the page that runs the test can use them. */
export interface TestPeer {
  start(factory: RemoteConnections): void;
  dial(initiator: boolean, events: Comlink.Remote<RemoteDialEvents & Comlink.ProxyMarked>): RemoteDialing & Comlink.ProxyMarked;
  ping(): void;
  /** Never answers anything again. */
  hang(): void;
  /** Fails outside of any call. */
  fail(): void;
}

export interface RemoteDialEvents {
  signal(data: SignalData): void;
  link(port: MessagePort): void;
  failed(reason: string): void;
}

export interface RemoteDialing {
  signal(data: SignalData): void;
  close(): void;
}

export type FromLink =
  | { type: 'fingerprints'; value: Awaited<Link['fingerprints']> | undefined }
  | { type: 'frame'; frame: Uint8Array }
  | { type: 'buffered'; sent: number; amount: number }
  | { type: 'drained' }
  | { type: 'closed'; bye: boolean };
export type ToLink = { type: 'send'; frame: Uint8Array } | { type: 'listen' } | { type: 'close' };

/** The worker side; the page side is test-tab.testing.ts. */
export function testPeer(): TestPeer {
  let dialer: Dialer | undefined;
  return {
    start(factory) {
      dialer = createDialer(factory, () => []);
    },
    dial(initiator, events) {
      const dialing = dialer!.dial('', initiator, {
        signal: (data) => void events.signal(data),
        link: (link) => {
          const { port1, port2 } = new MessageChannel();
          serveLink(link, port1);
          void events.link(Comlink.transfer(port2, [port2]));
        },
        failed: (reason) => void events.failed(reason),
      });
      return Comlink.proxy({ signal: (data: SignalData) => dialing.signal(data), close: () => dialing.close() });
    },
    ping() {},
    hang() {
      for (;;);
    },
    fail() {
      setTimeout(() => {
        throw new Error('on purpose');
      });
    },
  };
}

function serveLink(link: Link, port: MessagePort): void {
  const tell = (message: FromLink) => port.postMessage(message);
  let sent = 0;
  const buffered = () => tell({ type: 'buffered', sent, amount: link.bufferedAmount });
  link.fingerprints.then(
    (value) => tell({ type: 'fingerprints', value }),
    () => tell({ type: 'fingerprints', value: undefined }),
  );
  const events: LinkEvents = {
    frame: (frame) => tell({ type: 'frame', frame }),
    drained: () => {
      buffered();
      tell({ type: 'drained' });
    },
    closed: (bye) => tell({ type: 'closed', bye }),
  };
  port.onmessage = ({ data }: MessageEvent<ToLink>) => {
    if (data.type === 'listen') return link.listen(events);
    if (data.type === 'close') return link.close();
    sent += data.frame.length;
    link.send(data.frame);
    buffered();
  };
  setInterval(buffered, 20);
}
