import type { FromPage } from './connection-messages.ts';
import { type FrameChannel, lowWaterBytes } from '../channel-link.ts';

/**
 * The way of frames where a data channel cannot be transferred to a worker: it stays on the page, which pumps whole frames between it
 * and a MessagePort, always by transfer. A bare ArrayBuffer is a frame; everything else is a small object.
 */
type PumpToWorker = ArrayBuffer | { readonly type: 'open' | 'closed' } | { readonly type: 'left'; readonly bytes: number };
type PumpToPage = ArrayBuffer | { readonly type: 'close' };

/** How often the page looks at `bufferedAmount` while something is buffered, ms: below the low water no event tells of it. */
const reportEveryMs = 50;

/** Gives a fresh channel to the worker: itself where the browser transfers channels (found out by trying), else through a pump. */
export function handOver(channel: RTCDataChannel, port: MessagePort, forcePump: boolean): void {
  if (!forcePump && transferred(channel, port)) return;
  const pump = new MessageChannel();
  pumpChannel(channel, pump.port1);
  port.postMessage({ type: 'pump', port: pump.port2 } satisfies FromPage, [pump.port2]);
}

function transferred(channel: RTCDataChannel, port: MessagePort): boolean {
  try {
    port.postMessage({ type: 'channel', channel } satisfies FromPage, [channel]);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'DataCloneError') return false;
    throw error;
  }
}

/** Page half: pumps until the channel closes. */
export function pumpChannel(channel: RTCDataChannel, port: MessagePort): void {
  const post = (message: PumpToWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = lowWaterBytes;
  let taken = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const report = () => {
    clearTimeout(timer);
    post({ type: 'left', bytes: taken - channel.bufferedAmount });
    timer = channel.bufferedAmount > 0 ? setTimeout(report, reportEveryMs) : undefined;
  };
  channel.onopen = () => post({ type: 'open' });
  channel.onbufferedamountlow = report;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    // Text is no frame; an empty one makes the link refuse it as it would refuse the text.
    const frame = data instanceof ArrayBuffer ? data : new ArrayBuffer(0);
    post(frame, [frame]);
  };
  channel.onclose = () => {
    clearTimeout(timer);
    post({ type: 'closed' });
    port.close();
  };
  port.onmessage = ({ data }: MessageEvent<PumpToPage>) => {
    if (!(data instanceof ArrayBuffer)) return channel.close();
    try {
      channel.send(data);
      taken += data.byteLength;
      report();
    } catch {
      // One frame was not taken (closing, or far too much buffered): none may follow it.
      channel.close();
    }
  };
}

/** Worker half: behaves like the channel on the page. `bufferedAmount` is all that the page has not yet seen leave: never too low. */
export class PumpedChannel implements FrameChannel {
  onopen: FrameChannel['onopen'] = null;
  onmessage: FrameChannel['onmessage'] = null;
  onbufferedamountlow: FrameChannel['onbufferedamountlow'] = null;
  onclose: FrameChannel['onclose'] = null;
  readyState: RTCDataChannelState = 'connecting';
  readonly #port: MessagePort;
  #sent = 0;
  #left = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = (event: MessageEvent<PumpToWorker>) => this.#receive(event);
  }

  get bufferedAmount(): number {
    return this.#sent - this.#left;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    const own = frame.slice().buffer;
    this.#sent += frame.byteLength;
    this.#port.postMessage(own satisfies PumpToPage, [own]);
  }

  close(): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    this.readyState = 'closing';
    this.#port.postMessage({ type: 'close' } satisfies PumpToPage);
  }

  #receive(event: MessageEvent<PumpToWorker>): void {
    const message = event.data;
    if (message instanceof ArrayBuffer) return this.onmessage?.(event);
    if (message.type === 'left') return this.#setLeft(message.bytes, event);
    if (message.type === 'open') {
      this.readyState = 'open';
      this.onopen?.(event);
    } else {
      this.readyState = 'closed';
      this.#port.close();
      this.onclose?.(event);
    }
  }

  #setLeft(bytes: number, event: Event): void {
    const wasHigh = this.bufferedAmount > lowWaterBytes;
    this.#left = bytes;
    if (wasHigh && this.bufferedAmount <= lowWaterBytes) this.onbufferedamountlow?.(event);
  }
}
