import * as Comlink from 'comlink';
import { ShoalError } from '../../core/errors.ts';
import { parseFingerprint } from '../../core/wire/fingerprint.ts';
import type { DialEvents, Dialer, Dialing, Link, SignalData } from '../../peer/ports.ts';
import { ChannelLink, type FrameChannel } from './channel-link.ts';
import { type ConnectionFactory, type ConnectionIdentity, type FromPage, type FromWorker, lowWaterBytes } from './connection-messages.ts';
import { checkIdentity, type Fingerprints } from './identity-check.ts';
import { PumpedChannel } from './pump.ts';

/** ICE candidates taken from the other side in one negotiation; a machine with many networks has a dozen. */
export const candidatesMax = 64;

/** The page's connections as the worker sees them: passed by `Comlink.proxy`. */
export interface RemoteConnections {
  open(...request: Parameters<ConnectionFactory['open']>): void | Promise<void>;
}

/**
 * The Dialer of a tab, in its peer worker (SPEC RTC-*). RTCPeerConnections are the page's; this asks for them and turns what comes
 * back, a transferred channel or the pump in its place, into Links.
 */
export function createDialer(page: RemoteConnections, iceServers: () => readonly RTCIceServer[]): Dialer {
  return {
    dial: (_node, initiator, events) => new BrowserDialing(page, { initiator, iceServers: [...iceServers()] }, events),
  };
}

class BrowserDialing implements Dialing {
  readonly #port: MessagePort;
  readonly #events: DialEvents;
  readonly #fingerprints: Promise<Fingerprints>;
  #known!: (fingerprints: Fingerprints) => void;
  #refused!: (error: unknown) => void;
  /** The one description the other side may send: the answer to our offer, or the offer. There is no renegotiation. */
  #expected: 'offer' | 'answer' | undefined;
  #candidates = 0;
  #bye = false;
  #link: ChannelLink | undefined;
  #over = false;

  constructor(page: RemoteConnections, request: { initiator: boolean; iceServers: readonly RTCIceServer[] }, events: DialEvents) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#events = events;
    this.#expected = request.initiator ? 'answer' : 'offer';
    port1.onmessage = ({ data }: MessageEvent<FromPage>) => this.#receive(data);
    this.#fingerprints = new Promise((resolve, reject) => {
      this.#known = resolve;
      this.#refused = reject;
    });
    // Who does not look at the fingerprints hears of their failure by `closed`.
    this.#fingerprints.catch(() => undefined);
    Promise.resolve(page.open(request, Comlink.transfer(port2, [port2]))).catch((error: Error) =>
      this.#fail(`the page could not connect: ${error.message}`),
    );
  }

  signal(data: SignalData): void {
    if (this.#over) return;
    if (data.type === 'candidate') {
      this.#candidates += 1;
      if (this.#candidates <= candidatesMax) this.#tell({ type: 'signal', data });
      return;
    }
    if (this.#expected === undefined) return;
    if (data.type !== this.#expected) return this.#fail(`an ${data.type} came where an ${this.#expected} belongs`);
    if (parseFingerprint(data.sdp) === undefined) return this.#fail(`the ${data.type} does not name exactly one sha-256 fingerprint`);
    this.#expected = undefined;
    this.#tell({ type: 'signal', data });
  }

  close(): void {
    if (this.#link) return this.#link.close();
    this.#release();
  }

  #receive(message: FromPage): void {
    switch (message.type) {
      case 'channel':
        message.channel.binaryType = 'arraybuffer';
        message.channel.bufferedAmountLowThreshold = lowWaterBytes;
        return this.#whenOpen(message.channel);
      case 'pump':
        return this.#whenOpen(new PumpedChannel(message.port));
      case 'signal':
        if (!this.#over) this.#events.signal(message.data);
        return;
      case 'identity':
        return this.#identify(message);
      case 'bye':
        this.#bye = true;
        return this.#end('the other side left');
      case 'closed':
        this.#port.close();
        return this.#end(message.reason);
    }
  }

  #whenOpen(channel: FrameChannel): void {
    const open = () => {
      if (this.#over) return;
      this.#link = new ChannelLink(channel, this.#fingerprints, () => this.#release());
      this.#events.link(this.#link satisfies Link);
    };
    if (channel.readyState === 'open') open();
    else channel.onopen = open;
  }

  #identify(identity: ConnectionIdentity): void {
    try {
      this.#known(checkIdentity(identity));
    } catch (error) {
      this.#refused(error);
      this.#end((error as Error).message);
    }
  }

  /** The page says that the connection is over, or what it shows of it is refused. */
  #end(reason: string): void {
    if (this.#link) this.#link.end(this.#bye);
    else this.#fail(reason);
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.#release();
    if (!this.#link) queueMicrotask(() => this.#events.failed(reason));
  }

  /** Gives the connection back to the page, which destroys it. */
  #release(): void {
    if (this.#over) return;
    this.#over = true;
    this.#refused(new ShoalError('not-found', 'the link closed before its fingerprints were known'));
    this.#tell({ type: 'close' });
  }

  #tell(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}
