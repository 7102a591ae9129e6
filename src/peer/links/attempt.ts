import { errorCode, type ErrorCode } from '../../core/errors.ts';
import { dialMs } from '../../core/wire/limits.ts';
import type { Dialer, Dialing, Link, SignalData } from '../ports.ts';
import { type Authenticated, authenticate, type HandshakeOptions } from './handshake.ts';

export interface AttemptOptions {
  readonly dialer: Dialer;
  /** `expected` is the peer at the other end. */
  readonly handshake: HandshakeOptions;
  readonly initiator: boolean;
  /** Sends negotiation data to the other side. */
  signal(data: SignalData): void;
  /** The link is open and its other end proven. */
  connected(link: Link, peer: Authenticated): void;
  /** No link came of it. `opened`: there was one, and it was refused. Called instead of `connected`, once. */
  failed(code: ErrorCode, reason: string, opened: boolean): void;
}

/** One try to link with one peer: negotiation, at most 10 s long, then handshake. */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #dialing: Dialing;
  readonly #stopTimer: () => void;
  #over = false;

  constructor(options: AttemptOptions) {
    const { dialer, handshake, initiator } = options;
    this.#options = options;
    this.#stopTimer = handshake.clock.timer(dialMs, () => this.#fail('timeout', 'no link opened in time', false));
    this.#dialing = dialer.dial(handshake.expected, initiator, {
      signal: (data) => this.#over || options.signal(data),
      link: (link) => void this.#prove(link),
      failed: (reason) => this.#fail('not-found', reason, false),
    });
  }

  signal(data: SignalData): void {
    this.#dialing.signal(data);
  }

  /** Gives up; nothing is reported any more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopTimer();
    this.#dialing.close();
  }

  async #prove(link: Link): Promise<void> {
    if (this.#over) return link.close();
    this.#stopTimer();
    try {
      const peer = await authenticate(link, this.#options.handshake);
      if (this.#over) return;
      this.#over = true;
      this.#options.connected(link, peer);
    } catch (error) {
      this.#fail(errorCode(error), error instanceof Error ? error.message : String(error), true);
    }
  }

  #fail(code: ErrorCode, reason: string, opened: boolean): void {
    if (this.#over) return;
    this.close();
    this.#options.failed(code, reason, opened);
  }
}
