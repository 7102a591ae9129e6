import { ShoalError } from '../../core/errors.ts';
import { frameBytesMax } from '../../core/wire/limits.ts';
import type { Clock, Link, LinkEvents } from '../../peer/ports.ts';
import { createCopies } from './copies.ts';

/** As the port says: `drained` when the buffer falls to this or below. */
const lowWaterBytes = 32_768;
/** How long ICE goes on without consent of the other side (RFC 7675): then the link is gone at both ends. */
const consentMs = 30_000;

/** Of frames on their way, over all links. */
const copies = createCopies();

/** How frames travel from one end to the other now. */
export interface Path {
  /** Delay of the next frame, ms. Frames never overtake each other. */
  delayMs(): number;
  /** Upload rate; Infinity where nothing bounds it. */
  bytesPerSecond(): number;
  /** Nothing leaves. */
  isBlocked(): boolean;
}

/** How a simulated channel carries frames. */
export interface Channel {
  readonly clock: Clock;
  path(from: string, to: string): Path;
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
  /** Nothing passes any more either way, as when one end's process has died; in the end the link is gone. */
  sever(): void;
  /** The paths are others now. */
  changed(): void;
}

/** Two ends of one open channel. `over` is told once, when both are closed. */
export function linkPair(channel: Channel, a: LinkEnd, b: LinkEnd, over: () => void = () => {}): LinkPair {
  let severed = false;
  let ended = false;
  let stopConsent: (() => void) | undefined;

  const orSevered = (path: Path): Path => ({ ...path, isBlocked: () => severed || path.isBlocked() });
  const paths = [orSevered(channel.path(a.name, b.name)), orSevered(channel.path(b.name, a.name))] as const;
  const first = new MemoryLink(channel, paths[0], a, b, closed);
  const second = new MemoryLink(channel, paths[1], b, a, closed);
  first.join(second);
  second.join(first);

  function cut(): void {
    first.gone();
    second.gone();
  }
  function closed(): void {
    if (ended || first.isOpen || second.isOpen) return;
    ended = true;
    stopConsent?.();
    over();
  }
  function changed(): void {
    if (ended) return;
    // Consent is asked one way and given the other, so either way decides.
    if (!paths.some((path) => path.isBlocked())) {
      stopConsent?.();
      stopConsent = undefined;
    } else {
      stopConsent ??= channel.clock.timer(consentMs, cut);
    }
    first.pump();
    second.pump();
  }

  return {
    links: [first, second],
    cut,
    changed,
    sever() {
      severed = true;
      changed();
    },
  };
}

/** One end: a queue that leaves at the upload rate and arrives, in order, after the latency. */
export class MemoryLink implements Link {
  readonly fingerprints: Link['fingerprints'];
  readonly #channel: Channel;
  readonly #path: Path;
  readonly #names: readonly [from: string, to: string];
  readonly #closed: () => void;
  #other: MemoryLink | undefined;
  #events: LinkEvents | undefined;
  /** What came before `listen`. */
  readonly #early: ((events: LinkEvents) => void)[] = [];
  #open = true;
  #gone = false;
  /** What has not left yet; the end of the link where there is no frame. */
  #waiting: (Uint8Array | undefined)[] = [];
  #buffered = 0;
  #isLeaving = false;
  #leavesMs = 0;
  #arrivesMs = 0;
  /** What left at once at one moment, without having been buffered. */
  #takenMs = 0;
  #takenBytes = 0;

  constructor(channel: Channel, path: Path, self: LinkEnd, other: LinkEnd, closed: () => void) {
    this.#channel = channel;
    this.#path = path;
    this.#names = [self.name, other.name];
    this.#closed = closed;
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
    for (const tell of this.#early.splice(0)) tell(events);
  }

  send(frame: Uint8Array): void {
    if (frame.length > frameBytesMax) throw new ShoalError('too-large', `a frame has at most ${frameBytesMax} bytes`);
    if (!this.#open) return;
    const sent = copies.of(frame);
    if (this.#takes(sent.length)) return this.#arrive(sent);
    this.#waiting.push(sent);
    this.#buffered += sent.length;
    this.pump();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    // What was sent before still arrives, as on a data channel that is closed and not aborted.
    this.#waiting.push(undefined);
    this.pump();
    this.#channel.clock.timer(0, () => this.gone());
  }

  receive(frame: Uint8Array): void {
    if (!this.#open) return;
    const [to, from] = this.#names;
    this.#channel.delivered(from, to, frame);
    if (this.#events === undefined) this.#early.push((events) => events.frame(frame));
    else this.#events.frame(frame);
  }

  /** The channel is no more: tells once. */
  gone(): void {
    if (this.#gone) return;
    // Where it was not closed before it was cut, and what waits is lost.
    if (this.#open) this.#waiting = [];
    this.#gone = true;
    this.#open = false;
    this.#buffered = 0;
    this.#tell((events) => events.closed(false));
    this.#closed();
  }

  /** Lets leave what may leave now. */
  pump(): void {
    if (this.#isLeaving || this.#waiting.length === 0 || this.#path.isBlocked()) return;
    this.#leavesMs = Math.max(this.#leavesMs, this.#channel.clock.now());
    this.#leave();
  }

  /** The first that waits leaves when its bytes are out, then the next. Times are no whole milliseconds: they would add up. */
  #leave(): void {
    const { clock } = this.#channel;
    const frame = this.#waiting[0];
    this.#leavesMs += frame === undefined ? 0 : (frame.length * 1_000) / this.#path.bytesPerSecond();
    this.#isLeaving = true;
    clock.timer(this.#leavesMs - clock.now(), () => {
      this.#isLeaving = false;
      if (this.#waiting.length === 0) return;
      this.#waiting.shift();
      this.#arrive(frame);
      if (this.#waiting.length > 0 && !this.#path.isBlocked()) this.#leave();
      if (frame !== undefined) this.#left(frame.length);
    });
  }

  /** Whether a transport without a bound on its rate takes so much at once: then it needs no event of its own to leave. */
  #takes(length: number): boolean {
    if (this.#waiting.length > 0 || this.#path.isBlocked() || this.#path.bytesPerSecond() !== Infinity) return false;
    const ms = this.#channel.clock.now();
    const bytes = (this.#takenMs === ms ? this.#takenBytes : 0) + length;
    if (bytes > lowWaterBytes) return false;
    this.#takenMs = ms;
    this.#takenBytes = bytes;
    return true;
  }

  #arrive(frame: Uint8Array | undefined): void {
    const { clock } = this.#channel;
    const other = this.#other!;
    this.#arrivesMs = Math.max(this.#arrivesMs, Math.max(this.#leavesMs, clock.now()) + this.#path.delayMs());
    clock.timer(this.#arrivesMs - clock.now(), frame === undefined ? () => other.gone() : () => other.receive(frame));
  }

  #left(length: number): void {
    if (this.#gone) return;
    const wasHigh = this.#buffered > lowWaterBytes;
    this.#buffered -= length;
    if (wasHigh && this.#buffered <= lowWaterBytes) this.#tell((events) => events.drained());
  }

  #tell(tell: (events: LinkEvents) => void): void {
    if (this.#events === undefined) this.#early.push(tell);
    else tell(this.#events);
  }
}
