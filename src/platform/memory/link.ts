import { ShoalError } from '../../core/errors.ts';
import { frameBytesMax } from '../../core/wire/limits.ts';
import type { Clock, Link, LinkEvents } from '../../peer/ports.ts';

/** As the port says: `drained` when the buffer falls to this or below. */
const lowWaterBytes = 32_768;

/** How a simulated channel carries frames. */
export interface Channel {
  readonly clock: Clock;
  /** Delay of the next frame, ms. Frames never overtake each other. */
  latencyMs(): number;
  /** Upload rate of each end; unlimited when absent. */
  readonly bytesPerSecond?: number | undefined;
  /** Told of every frame that arrives. */
  delivered(from: string, to: string, frame: Uint8Array): void;
}

export interface LinkEnd {
  readonly name: string;
  readonly fingerprint: string;
}

export interface LinkPair {
  readonly links: readonly [MemoryLink, MemoryLink];
  /** Both ends see the link gone at once, and frames on their way are lost. */
  cut(): void;
  /** Whether either end is still open. */
  isOpen(): boolean;
}

/** Two ends of one open channel. */
export function linkPair(channel: Channel, a: LinkEnd, b: LinkEnd): LinkPair {
  const first = new MemoryLink(channel, a, b);
  const second = new MemoryLink(channel, b, a);
  first.join(second);
  second.join(first);
  return {
    links: [first, second],
    cut() {
      first.gone();
      second.gone();
    },
    isOpen: () => first.isOpen || second.isOpen,
  };
}

/** One end: a queue that leaves at the upload rate and arrives, in order, after the latency. */
export class MemoryLink implements Link {
  readonly fingerprints: Link['fingerprints'];
  #channel: Channel;
  #names: readonly [from: string, to: string];
  #other: MemoryLink | undefined;
  #events: LinkEvents | undefined;
  /** What came before `listen`. */
  #early: ((events: LinkEvents) => void)[] = [];
  #open = true;
  #buffered = 0;
  #leavesMs = 0;
  #arrivesMs = 0;

  constructor(channel: Channel, self: LinkEnd, other: LinkEnd) {
    this.#channel = channel;
    this.#names = [self.name, other.name];
    this.fingerprints = Promise.resolve({ local: self.fingerprint, remote: other.fingerprint });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get bufferedAmount(): number {
    return this.#buffered;
  }

  join(other: MemoryLink): void {
    this.#other = other;
  }

  listen(events: LinkEvents): void {
    if (this.#events !== undefined) throw new Error('a link has one listener');
    this.#events = events;
    const early = this.#early;
    this.#early = [];
    for (const tell of early) tell(events);
  }

  send(frame: Uint8Array): void {
    if (frame.length > frameBytesMax) throw new ShoalError('too-large', `a frame has at most ${frameBytesMax} bytes`);
    if (!this.#open) return;
    const { clock, bytesPerSecond } = this.#channel;
    const sendingMs = bytesPerSecond === undefined ? 0 : (frame.length * 1_000) / bytesPerSecond;
    this.#buffered += frame.length;
    this.#leavesMs = Math.max(this.#leavesMs, clock.now()) + sendingMs;
    clock.timer(this.#leavesMs - clock.now(), () => this.#left(frame.length));
    const sent = frame.slice();
    this.#arrive((other) => other.receive(sent));
  }

  close(): void {
    if (!this.#open) return;
    // What was sent before still arrives, as on a data channel that is closed and not aborted.
    this.#arrive((other) => other.gone());
    this.#channel.clock.timer(0, () => this.gone());
    this.#open = false;
  }

  receive(frame: Uint8Array): void {
    if (!this.#open) return;
    const [to, from] = this.#names;
    this.#channel.delivered(from, to, frame);
    this.#tell((events) => events.frame(frame));
  }

  /** The channel is no more: tells once. */
  gone(): void {
    if (this.#other === undefined) return;
    this.#other = undefined;
    this.#open = false;
    this.#buffered = 0;
    this.#tell((events) => events.closed(false));
  }

  #arrive(run: (other: MemoryLink) => void): void {
    const { clock, latencyMs } = this.#channel;
    const other = this.#other;
    if (other === undefined) return;
    this.#arrivesMs = Math.max(this.#arrivesMs, Math.max(this.#leavesMs, clock.now()) + latencyMs());
    clock.timer(this.#arrivesMs - clock.now(), () => run(other));
  }

  #left(length: number): void {
    if (this.#other === undefined) return;
    const wasHigh = this.#buffered > lowWaterBytes;
    this.#buffered -= length;
    if (wasHigh && this.#buffered <= lowWaterBytes) this.#tell((events) => events.drained());
  }

  #tell(tell: (events: LinkEvents) => void): void {
    if (this.#events === undefined) this.#early.push(tell);
    else tell(this.#events);
  }
}
