import { ShoalError } from '../../core/errors.ts';
import { decodeFrame, encodeFrame, frameTypes } from '../../core/wire/frame.ts';
import { handshakeBytesMax, heldBytesMax } from '../../core/wire/limits.ts';
import type { Link, LinkEvents } from '../ports.ts';
import { type Deferred, deferred } from './deferred.ts';

/** Hello frames of each side: the hello and the signature. */
const hellosCount = 2;

/**
 * A link during its handshake: two hello frames each way, in order, 4 KiB at most, and nothing else. Any other frame fails it with
 * `auth`. Only behind the last hello that is to come are frames held, for whoever takes the link over.
 */
export class HelloInbox {
  readonly #link: Link;
  readonly #failed = deferred<never>();
  readonly #hellos: Deferred<Uint8Array>[] = [deferred(), deferred()];
  readonly #held: Uint8Array[] = [];
  #heldBytes = 0;
  #holding: 'no' | 'after-last' | 'yes' = 'no';
  #heard = 0;
  #heardBytes = 0;
  #read = 0;
  #said = 0;
  #target: LinkEvents | undefined;
  #over = false;

  constructor(link: Link) {
    this.#link = link;
    link.listen({
      frame: (bytes) => (this.#target === undefined ? this.#frame(bytes) : this.#target.frame(bytes)),
      drained: () => this.#target?.drained(),
      // A side that closes instead of going on has refused the other; a link that broke down just now looks the same.
      closed: (bye) =>
        this.#target === undefined ? this.fail(new ShoalError('auth', 'The link closed during the handshake.')) : this.#target.closed(bye),
    });
  }

  say(payload: Uint8Array): void {
    this.#link.send(encodeFrame({ type: frameTypes.hello, last: false, stream: 0, sequence: this.#said++, payload }));
  }

  /** Payload of the next hello frame. */
  next(): Promise<Uint8Array> {
    return this.or(this.#hellos[this.#read++]!.promise);
  }

  /** Payload of the last hello frame; whatever comes behind it is held. */
  lastThenHold(): Promise<Uint8Array> {
    this.#holding = 'after-last';
    return this.next();
  }

  /** From now on frames are held for whoever takes the link over. */
  hold(): void {
    this.#holding = 'yes';
  }

  /** What `promise` gives, unless the handshake fails first. */
  or<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failed.promise]);
  }

  fail(error: ShoalError): void {
    this.#over = true;
    this.#held.length = 0;
    this.#failed.reject(error);
  }

  attach(events: LinkEvents): void {
    for (const frame of this.#held.splice(0)) events.frame(frame);
    this.#target = events;
    if (this.#over) events.closed(false);
  }

  #frame(bytes: Uint8Array): void {
    if (this.#over) return;
    try {
      if (this.#holding === 'yes') this.#keep(bytes);
      else this.#hello(bytes);
    } catch (error) {
      if (!(error instanceof ShoalError)) throw error;
      this.fail(new ShoalError('auth', error.message));
    }
  }

  #hello(bytes: Uint8Array): void {
    const { type, last, stream, sequence, payload } = decodeFrame(bytes);
    this.#heardBytes += bytes.length;
    if (type !== frameTypes.hello || last || stream !== 0 || sequence !== this.#heard || this.#heard === hellosCount)
      throw new ShoalError('auth', 'A frame is not of the handshake.');
    if (this.#heardBytes > handshakeBytesMax) throw new ShoalError('auth', `A handshake has at most ${handshakeBytesMax} bytes.`);
    this.#hellos[this.#heard++]!.resolve(payload);
    if (this.#heard === hellosCount && this.#holding === 'after-last') this.#holding = 'yes';
  }

  #keep(bytes: Uint8Array): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > heldBytesMax) throw new ShoalError('auth', `More than ${heldBytesMax} bytes came before the handshake was done.`);
    this.#held.push(bytes);
  }
}
