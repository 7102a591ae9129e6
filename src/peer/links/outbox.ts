import {
  coldWindowBytes,
  controlQueueBytesMax,
  frameBytesMax,
  smallFrameBytes,
  warmAfterBytes,
  warmWindowBytes,
  windowPollMs,
} from '../../core/wire/limits.ts';
import type { Clock, Link } from '../ports.ts';
import type { Cap } from './cap.ts';
import { type Deferred, deferred } from './deferred.ts';

/** Something with bulk frames to send, asked for one at a time. */
export interface FrameSource {
  /** The next frame, written to the beginning of `room`, or undefined when there is none for now. */
  next(room: Uint8Array): Uint8Array | undefined;
}

/**
 * The one queue in front of a link (SPEC SEND-1): control frames in order, before bulk frames, which the sources give in turn.
 * Never lets the link's buffer pass the window, so a control message waits behind a window of bulk bytes at most.
 */
export class Outbox {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #carried: (frame: Uint8Array) => void;
  readonly #cap: Cap | undefined;
  /** The cap's turn. */
  readonly #goOn = (): void => this.pump();
  readonly #control: Uint8Array[] = [];
  #controlBytes = 0;
  /** In turn: the first is asked next. */
  readonly #sources = new Set<FrameSource>();
  /** Every bulk frame is written here: a link copies what it is given, and a buffer for each would be garbage by the megabyte. */
  #room: Uint8Array | undefined;
  #sent = 0;
  #open = true;
  #stopPoll: (() => void) | undefined;
  #flushed: Deferred<void> | undefined;

  /**
   * @param carried told of each frame that is handed to the link
   * @param cap holds bulk frames back; control frames only count
   */
  constructor(link: Link, clock: Clock, carried: (frame: Uint8Array) => void, cap?: Cap) {
    this.#link = link;
    this.#clock = clock;
    this.#carried = carried;
    this.#cap = cap;
  }

  /** Bytes handed to the link. */
  get sent(): number {
    return this.#sent;
  }

  /** Queues control frames before all bulk. False when too much waits already: nothing was queued. */
  control(frames: readonly Uint8Array[]): boolean {
    let bytes = 0;
    for (const frame of frames) bytes += frame.length;
    if (this.#controlBytes + bytes > controlQueueBytesMax) return false;
    for (const frame of frames) this.#control.push(frame);
    this.#controlBytes += bytes;
    this.pump();
    return true;
  }

  /** `source` has frames to send. It is asked until it gives none. */
  offer(source: FrameSource): void {
    this.#sources.add(source);
    this.pump();
  }

  /** Resolves when every control frame was handed to the link. */
  flushed(): Promise<void> {
    if (this.#control.length === 0) return Promise.resolve();
    this.#flushed ??= deferred();
    return this.#flushed.promise;
  }

  /** Sends while the window allows; then waits for the link's low event and, because that may never come, looks every 250 ms. */
  pump(): void {
    while (this.#open && this.#step());
    if (!this.#open || (this.#control.length === 0 && this.#sources.size === 0)) return;
    // One look every 250 ms, not one after each pump: those come by the hundred each second.
    this.#stopPoll ??= this.#clock.timer(windowPollMs, () => {
      this.#stopPoll = undefined;
      this.pump();
    });
  }

  close(): void {
    this.#open = false;
    this.#stopPoll?.();
    this.#control.length = 0;
    this.#sources.clear();
    this.#flushed?.resolve();
  }

  /** One frame, or one source found empty. False when the window is full or nothing is left. */
  #step(): boolean {
    const control = this.#control[0];
    if (control !== undefined) {
      if (!this.#fits(control.length)) return false;
      this.#control.shift();
      this.#controlBytes -= control.length;
      this.#send(control);
      if (this.#control.length === 0) this.#flushed?.resolve();
      return true;
    }
    if (this.#sources.size === 0) return false;
    const [source] = this.#sources;
    // A quarter of the window: whenever the buffer is below the low water mark, one more frame fits, so no wake is in vain.
    const frameBytes = this.#cap ? smallFrameBytes : Math.min(frameBytesMax, this.#window() / 4);
    if (source === undefined || !this.#fits(frameBytes) || this.#cap?.allows(this.#goOn) === false) return false;
    this.#sources.delete(source);
    this.#room ??= new Uint8Array(frameBytesMax);
    const frame = source.next(this.#room.subarray(0, frameBytes));
    if (frame !== undefined) {
      this.#send(frame);
      this.#sources.add(source);
    }
    return true;
  }

  #send(frame: Uint8Array): void {
    this.#sent += frame.length;
    this.#cap?.spend(frame.length);
    this.#carried(frame);
    this.#link.send(frame);
  }

  #window(): number {
    return this.#sent < warmAfterBytes ? coldWindowBytes : warmWindowBytes;
  }

  #fits(bytes: number): boolean {
    return this.#link.bufferedAmount + bytes <= this.#window();
  }
}
