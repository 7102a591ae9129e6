import { ShoalError } from '../core/errors.ts';
import { parseFingerprint } from '../core/wire/fingerprint.ts';
import type { DialEvents, Dialing, SignalData } from '../peer/ports.ts';
import { ChannelLink, type FrameChannel } from './channel-link.ts';
import { checkIdentity, type DtlsIdentity, type Fingerprints } from './identity-check.ts';

/** ICE candidates taken from the other side in one negotiation; a machine with many networks has a dozen. */
export const candidatesMax = 64;

/** The RTCPeerConnection under a negotiation, wherever it is. */
export interface Connection {
  /** Passes on what the other side said and this side takes. */
  signal(data: SignalData): void;
  /** The connection is not needed any more. Called once. */
  close(): void;
}

/**
 * One negotiation and the link that comes of it (SPEC RTC-*), the same in a tab and in Node: what is taken from signaling, when a
 * link is handed out, and how both end. The engine that has the connection says what happens to it by `tell`, `opens`, `identify`
 * and `end`.
 */
export class ChannelDialing implements Dialing {
  readonly #connection: Connection;
  readonly #events: DialEvents;
  readonly #fingerprints: Promise<Fingerprints>;
  #known!: (fingerprints: Fingerprints) => void;
  #refused!: (error: unknown) => void;
  /** The one description the other side may send: the answer to our offer, or the offer. There is no renegotiation. */
  #expected: 'offer' | 'answer' | undefined;
  #candidates = 0;
  #link: ChannelLink | undefined;
  #over = false;

  constructor(connection: Connection, initiator: boolean, events: DialEvents) {
    this.#connection = connection;
    this.#events = events;
    this.#expected = initiator ? 'answer' : 'offer';
    this.#fingerprints = new Promise((resolve, reject) => {
      this.#known = resolve;
      this.#refused = reject;
    });
    // Who does not look at the fingerprints hears of their failure by `closed`.
    this.#fingerprints.catch(() => undefined);
  }

  signal(data: SignalData): void {
    if (this.#over) return;
    if (data.type === 'candidate') {
      this.#candidates += 1;
      if (this.#candidates <= candidatesMax) this.#connection.signal(data);
      return;
    }
    if (this.#expected === undefined) return;
    if (data.type !== this.#expected) return this.#fail(`an ${data.type} came where an ${this.#expected} belongs`);
    if (parseFingerprint(data.sdp) === undefined) return this.#fail(`the ${data.type} does not name exactly one sha-256 fingerprint`);
    this.#expected = undefined;
    this.#connection.signal(data);
  }

  close(): void {
    if (this.#link) return this.#link.close();
    this.#release();
  }

  /** What the connection has to say to the other side. */
  tell(data: SignalData): void {
    if (!this.#over) this.#events.signal(data);
  }

  /** Hands the link out as soon as its channel is open. */
  opens(channel: FrameChannel): void {
    const open = () => {
      if (this.#over) return;
      this.#link = new ChannelLink(channel, this.#fingerprints, () => this.#release());
      this.#events.link(this.#link);
    };
    if (channel.readyState === 'open') open();
    else channel.onopen = open;
  }

  /** What the connection shows of both certificates, once DTLS has used them. */
  identify(identity: DtlsIdentity): void {
    try {
      this.#known(checkIdentity(identity));
    } catch (error) {
      this.#refused(error);
      this.end((error as Error).message);
    }
  }

  /** The connection is over, or what it shows is refused, or (`bye`) the other side said that it leaves. */
  end(reason: string, bye = false): void {
    if (this.#link) this.#link.end(bye);
    else this.#fail(reason);
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.#release();
    if (!this.#link) queueMicrotask(() => this.#events.failed(reason));
  }

  #release(): void {
    if (this.#over) return;
    this.#over = true;
    this.#refused(new ShoalError('not-found', 'it closed before its fingerprints were known'));
    this.#connection.close();
  }
}
