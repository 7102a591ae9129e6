import { frameBytesMax, heldBytesMax } from '../core/wire/limits.ts';
import { ShoalError } from '../core/errors.ts';
import type { Link, LinkEvents } from '../peer/ports.ts';

/** Stream id of the negotiated channel that carries everything; both ends create it by themselves. */
export const shoalChannelId = 100;
/** `bufferedAmount` at which a link tells that it has drained, bytes. */
export const lowWaterBytes = 32_768;

/** The part of an RTCDataChannel that a link uses: a transferred channel has it, and the worker half of the pump. */
export interface FrameChannel {
  readonly readyState: RTCDataChannelState;
  readonly bufferedAmount: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onbufferedamountlow: ((event: Event) => void) | null;
  onclose: ((event: Event) => void) | null;
  /** Throws when not open and when far too much is buffered. */
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** Sends what is buffered, then closes. */
  close(): void;
}

/** How long a channel may take to close cleanly before its connection is destroyed under it, ms: the other side may be dead. */
export const closeGraceMs = 1_000;

/**
 * A Link over one open channel. When the other side closes the channel, the link waits for the word of whoever has the connection
 * (`end`) before it says `closed`, because only there `bye` is heard.
 */
export class ChannelLink implements Link {
  readonly fingerprints: Link['fingerprints'];
  readonly #channel: FrameChannel;
  readonly #release: () => void;
  #state: 'open' | 'lost' | 'closed' = 'open';
  #bye = false;
  #announced = false;
  #events: LinkEvents | undefined;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #grace: ReturnType<typeof setTimeout> | undefined;

  /** `release` is called when the connection below is not needed any more; it may be called again. */
  constructor(channel: FrameChannel, fingerprints: Link['fingerprints'], release: () => void) {
    this.#channel = channel;
    this.fingerprints = fingerprints;
    this.#release = release;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(data);
    channel.onbufferedamountlow = () => {
      if (this.#state === 'open') this.#events?.drained();
    };
    channel.onclose = () => this.#lose();
  }

  get bufferedAmount(): number {
    return this.#state === 'open' ? this.#channel.bufferedAmount : 0;
  }

  listen(events: LinkEvents): void {
    if (this.#events) throw new ShoalError('internal', 'the link has its listener already');
    queueMicrotask(() => this.#deliver(events));
    this.#events = events;
  }

  send(frame: Uint8Array): void {
    if (frame.length > frameBytesMax) throw new ShoalError('too-large', `a frame has at most ${frameBytesMax} bytes`);
    if (this.#state !== 'open') return;
    try {
      this.#channel.send(frame as Uint8Array<ArrayBuffer>);
    } catch {
      // A frame that was not taken leaves a gap that no later frame may hide.
      this.close();
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#held = [];
    // What is buffered (a last `bye`) still goes out; a dead other side never confirms the close, hence the timer.
    this.#channel.close();
    if (this.#state === 'open') this.#grace = setTimeout(this.#release, closeGraceMs);
    this.#finish(false);
  }

  /** The word of whoever has it: the connection is gone, or (`bye`) the other side said that it goes. */
  end(bye: boolean): void {
    if (this.#state === 'closed') return;
    this.#finish(bye);
    this.#release();
  }

  #receive(data: unknown): void {
    if (this.#state !== 'open') return;
    if (!(data instanceof ArrayBuffer) || data.byteLength === 0 || data.byteLength > frameBytesMax) return this.close();
    const frame = new Uint8Array(data);
    if (this.#events) return this.#events.frame(frame);
    this.#heldBytes += frame.length;
    if (this.#heldBytes > heldBytesMax) return this.close();
    this.#held.push(frame);
  }

  /** To the listener, once it is there: frames that came before it, and the end if that came before it too. */
  #deliver(events: LinkEvents): void {
    for (let frame = this.#held.shift(); frame; frame = this.#held.shift()) events.frame(frame);
    this.#announceEnd();
  }

  /** Says once that the link is gone, after every frame that waited. */
  #announceEnd(): void {
    if (this.#state !== 'closed' || this.#announced || !this.#events || this.#held.length > 0) return;
    this.#announced = true;
    this.#events.closed(this.#bye);
  }

  #lose(): void {
    clearTimeout(this.#grace);
    if (this.#state === 'open') this.#state = 'lost';
    this.#release();
  }

  #finish(bye: boolean): void {
    this.#state = 'closed';
    this.#bye = bye;
    queueMicrotask(() => this.#announceEnd());
  }
}
