import type { FrameChannel } from '../channel-link.ts';

/**
 * Least time from the last frame to the close, ms. Where both come to node-datachannel of the other side in one turn of its event
 * loop, it may tell of the close first, and then drops the frame.
 */
const lingerMs = 100;

/**
 * A channel of node-datachannel as a browser would have it: after a close of this side `onclose` comes when the other side has
 * followed, not at once. The library says `close` while what was sent before may still be on its way, and whoever destroys the
 * connection then takes it from the other side.
 */
export class NodeChannel implements FrameChannel {
  onopen: FrameChannel['onopen'] = null;
  onmessage: FrameChannel['onmessage'] = null;
  onbufferedamountlow: FrameChannel['onbufferedamountlow'] = null;
  onclose: FrameChannel['onclose'] = null;
  readonly #channel: RTCDataChannel;
  #sentMs = -Infinity;
  #closing = false;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** `opened` is called before `onopen`. */
  constructor(channel: RTCDataChannel, opened: () => void) {
    this.#channel = channel;
    channel.onopen = (event) => {
      opened();
      this.onopen?.(event);
    };
    channel.onmessage = (event) => this.onmessage?.(event);
    channel.onbufferedamountlow = (event) => this.onbufferedamountlow?.(event);
    channel.onclose = () => {
      if (!this.#closing) this.ended();
    };
  }

  get readyState(): RTCDataChannelState {
    if (this.#ended) return 'closed';
    return this.#closing ? 'closing' : this.#channel.readyState;
  }

  get bufferedAmount(): number {
    return this.#ended || this.#closing ? 0 : this.#channel.bufferedAmount;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    this.#channel.send(frame);
    this.#sentMs = performance.now();
  }

  close(): void {
    if (this.#closing || this.#ended) return;
    this.#closing = true;
    const restMs = this.#sentMs + lingerMs - performance.now();
    if (restMs <= 0) this.#channel.close();
    else this.#linger = setTimeout(() => this.#channel.close(), restMs);
  }

  /** The channel is closed on both sides, or its connection is gone. */
  ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#linger);
    this.#channel.onopen = null;
    this.#channel.onmessage = null;
    this.#channel.onbufferedamountlow = null;
    this.#channel.onclose = null;
    this.onclose?.(new Event('close'));
  }
}
