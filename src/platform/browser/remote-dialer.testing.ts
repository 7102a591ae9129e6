import * as Comlink from 'comlink';
import { ShoalError } from '../../core/errors.ts';
import { frameBytesMax } from '../../core/wire/limits.ts';
import type { DialEvents, Dialer, Dialing, Link, LinkEvents, SignalData } from '../../peer/ports.ts';
import { createDialer, type RemoteConnections } from './dialer.ts';

/** For tests: the Dialer of a worker, used from the page that runs the test. Frames cross by transfer; the subject stays in the worker. */

/** What a test worker answers. */
export interface TestPeer {
  start(factory: RemoteConnections): void;
  dial(initiator: boolean, events: Comlink.Remote<RemoteDialEvents & Comlink.ProxyMarked>): RemoteDialing & Comlink.ProxyMarked;
  ping(): void;
  /** Never answers anything again. */
  hang(): void;
  /** Fails outside of any call. */
  fail(): void;
}

interface RemoteDialEvents {
  signal(data: SignalData): void;
  link(port: MessagePort): void;
  failed(reason: string): void;
}

interface RemoteDialing {
  signal(data: SignalData): void;
  close(): void;
}

type FromLink =
  | { type: 'fingerprints'; value: Awaited<Link['fingerprints']> | undefined }
  | { type: 'frame'; frame: Uint8Array }
  | { type: 'buffered'; sent: number; amount: number }
  | { type: 'drained' }
  | { type: 'closed'; bye: boolean };
type ToLink = { type: 'send'; frame: Uint8Array } | { type: 'listen' } | { type: 'close' };

/** Worker side. */
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

/** Page side: the Dialer of that worker. */
export function remoteDialer(worker: Comlink.Remote<TestPeer>): Dialer {
  return {
    dial(_node, initiator, events) {
      const remote = worker.dial(initiator, Comlink.proxy(remoteEvents(events)));
      return {
        signal: (data) => void remote.then((dialing) => dialing.signal(data)),
        close: () => void remote.then((dialing) => dialing.close()),
      } satisfies Dialing;
    },
  };
}

function remoteEvents(events: DialEvents): RemoteDialEvents {
  return {
    signal: (data) => events.signal(data),
    failed: (reason) => events.failed(reason),
    link: (port) => events.link(new RemoteLink(port)),
  };
}

class RemoteLink implements Link {
  readonly fingerprints: Link['fingerprints'];
  readonly #port: MessagePort;
  #events: LinkEvents | undefined;
  #sent = 0;
  #left = 0;
  #open = true;

  constructor(port: MessagePort) {
    this.#port = port;
    this.fingerprints = new Promise((resolve, reject) => {
      port.onmessage = ({ data }: MessageEvent<FromLink>) => {
        if (data.type !== 'fingerprints') this.#receive(data);
        else if (data.value) resolve(data.value);
        else reject(new ShoalError('auth', 'refused in the worker'));
      };
    });
    this.fingerprints.catch(() => undefined);
  }

  get bufferedAmount(): number {
    return this.#sent - this.#left;
  }

  listen(events: LinkEvents): void {
    if (this.#events) throw new ShoalError('internal', 'a link has one listener');
    this.#events = events;
    this.#tell({ type: 'listen' });
  }

  send(frame: Uint8Array): void {
    if (frame.length > frameBytesMax) throw new ShoalError('too-large', 'a frame is too large');
    if (!this.#open) return;
    this.#sent += frame.length;
    this.#tell({ type: 'send', frame });
  }

  close(): void {
    if (this.#open) this.#tell({ type: 'close' });
    this.#open = false;
  }

  #receive(message: Exclude<FromLink, { type: 'fingerprints' }>): void {
    if (message.type === 'frame') this.#events?.frame(message.frame);
    else if (message.type === 'drained') this.#events?.drained();
    else if (message.type === 'buffered') this.#left = message.sent - message.amount;
    else {
      this.#open = false;
      this.#left = this.#sent;
      this.#events?.closed(message.bye);
    }
  }

  #tell(message: ToLink): void {
    this.#port.postMessage(message);
  }
}
