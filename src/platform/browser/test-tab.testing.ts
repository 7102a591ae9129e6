import * as Comlink from 'comlink';
import { ShoalError } from '../../core/errors.ts';
import type { DialEvents, Dialer, Dialing, Link, LinkEvents } from '../../peer/ports.ts';
import { createConnections, type Connections } from './connections.ts';
import type { FromLink, RemoteDialEvents, TestPeer, ToLink } from './test-peer.testing.ts';

/** One tab of a test: its connections on this page, its peer in a real module worker. */
export interface Tab {
  readonly worker: Worker;
  readonly peer: Comlink.Remote<TestPeer>;
  readonly connections: Connections;
  /** The worker's Dialer, used from here. */
  readonly dialer: Dialer;
  close(): void;
}

export function openTab(forcePump = false): Tab {
  const worker = new Worker(new URL('./peer.testworker.ts', import.meta.url), { type: 'module' });
  const peer = Comlink.wrap<TestPeer>(worker);
  const connections = createConnections({ forcePump });
  void peer.start(Comlink.proxy(connections));
  const close = () => {
    connections.destroyAll();
    worker.terminate();
  };
  return { worker, peer, connections, dialer: remoteDialer(peer), close };
}

function remoteDialer(worker: Comlink.Remote<TestPeer>): Dialer {
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

/** The other end of `serveLink`. It keeps no rule of its own: what a test sees is what the link in the worker does. */
class RemoteLink implements Link {
  readonly fingerprints: Link['fingerprints'];
  readonly #port: MessagePort;
  #events: LinkEvents | undefined;
  #sent = 0;
  #left = 0;

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
    this.#sent += frame.length;
    this.#tell({ type: 'send', frame });
  }

  close(): void {
    this.#tell({ type: 'close' });
  }

  #receive(message: Exclude<FromLink, { type: 'fingerprints' }>): void {
    if (message.type === 'frame') this.#events?.frame(message.frame);
    else if (message.type === 'drained') this.#events?.drained();
    else if (message.type === 'buffered') this.#left = message.sent - message.amount;
    else this.#events?.closed(message.bye);
  }

  #tell(message: ToLink): void {
    this.#port.postMessage(message);
  }
}
