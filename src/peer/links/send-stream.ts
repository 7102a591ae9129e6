import { ShoalError } from '../../core/errors.ts';
import { creditCost, encodeFrame, frameTypes } from '../../core/wire/frame.ts';
import { frameHeaderBytes } from '../../core/wire/limits.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { FrameSource } from './outbox.ts';

interface Pending {
  readonly bytes: Uint8Array;
  offset: number;
  readonly sent: Deferred<void>;
}

/** The sending direction of one stream: nothing leaves without credit from the other side (SPEC CREDIT-1). */
export class SendStream implements FrameSource {
  readonly #id: number;
  /** Called when there may be frames to ask `next` for. */
  readonly #offer: (source: FrameSource) => void;
  readonly #pending: Pending[] = [];
  /** Totals since the stream began: credit given by the other side, and used up. */
  #allowed = 0;
  #used = 0;
  #sequence = 0;
  #state: 'open' | 'ending' | 'ended' = 'open';
  #failure: ShoalError | undefined;
  #idle: Deferred<void> | undefined;

  constructor(id: number, offer: (source: FrameSource) => void) {
    this.#id = id;
    this.#offer = offer;
  }

  /** Resolves when the last byte went to the link. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state !== 'open') throw new ShoalError('internal', 'the stream has ended');
    if (bytes.length === 0) return;
    const pending: Pending = { bytes, offset: 0, sent: deferred() };
    this.#pending.push(pending);
    this.#offer(this);
    await pending.sent.promise;
  }

  end(): void {
    if (this.#state !== 'open' || this.#failure !== undefined) return;
    this.#state = 'ending';
    this.#offer(this);
  }

  /** The other side's CREDIT: the total it allows. Throws `bad-input` for one that falls. */
  allow(total: number): void {
    if (total < this.#allowed) throw new ShoalError('bad-input', 'The credit of a stream fell.');
    this.#allowed = total;
    this.#offer(this);
  }

  /** Resolves when nothing waits to be sent: every byte, and the end if there is one. */
  async idle(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#pending.length === 0 && this.#state !== 'ending') return;
    this.#idle ??= deferred();
    await this.#idle.promise;
  }

  /** Nothing more leaves; whoever waits gets `error`. */
  fail(error: ShoalError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const { sent } of this.#pending.splice(0)) sent.reject(error);
    this.#idle?.reject(error);
  }

  next(room: Uint8Array): Uint8Array | undefined {
    if (this.#failure !== undefined) return undefined;
    const pending = this.#pending[0];
    if (pending === undefined) return this.#state === 'ending' ? this.#frame(room, new Uint8Array(), true) : undefined;

    const payload = pending.bytes.subarray(pending.offset, pending.offset + room.length - frameHeaderBytes);
    // Frames are not cut to fit the credit left: with nothing unread, the receiver has always granted more than the largest one.
    if (this.#used + creditCost(payload.length) > this.#allowed) return undefined;
    this.#used += creditCost(payload.length);
    pending.offset += payload.length;
    if (pending.offset === pending.bytes.length) {
      this.#pending.shift();
      pending.sent.resolve();
    }
    return this.#frame(room, payload, this.#state === 'ending' && this.#pending.length === 0);
  }

  #frame(room: Uint8Array, payload: Uint8Array, last: boolean): Uint8Array {
    if (last) this.#state = 'ended';
    if (this.#pending.length === 0 && this.#state !== 'ending') {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
    return encodeFrame({ type: frameTypes.data, last, stream: this.#id, sequence: this.#sequence++, payload }, room);
  }
}
