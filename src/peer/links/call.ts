import { ShoalError } from '../../core/errors.ts';
import { emptyBody, kinds } from '../../core/wire/kinds.ts';
import type { Clock } from '../ports.ts';
import { deferred } from './deferred.ts';
import type { Body, Call } from './exchange.ts';
import { type Carrier, ExchangeEnd } from './exchange-end.ts';

/** One for all: every call ends so, nearly always with nobody there to hear of it, and the stack of an error costs more than the answer. */
const answeredError = new ShoalError('cancelled', 'The request has been answered.');

/** A request of ours, from its message to its answer, deadline or cancellation. */
export class OwnCall extends ExchangeEnd implements Call {
  readonly kind: number;
  readonly result: Promise<Body>;
  readonly #result = deferred<Body>();
  #progress: ((body: Body) => void) | undefined;
  #stopTimer: (() => void) | undefined;
  #settled = false;

  constructor(id: number, kind: number, carrier: Carrier) {
    super(id, carrier);
    this.kind = kind;
    this.result = this.#result.promise;
  }

  /** Sends the request and starts its deadline. A request that cannot be sent fails. */
  begin(body: Body, clock: Clock, deadlineMs: number): void {
    try {
      this.carrier.send(this.kind, this.id, body);
    } catch (error) {
      return this.reject(error instanceof ShoalError ? error : new ShoalError('internal', String(error)));
    }
    this.#stopTimer = clock.timer(deadlineMs, () => this.#giveUp(new ShoalError('timeout', 'The other side did not answer in time.')));
  }

  onProgress(handler: (body: Body) => void): void {
    this.#progress = handler;
  }

  cancel(): void {
    // Of one that is answered only what is unread goes.
    if (this.#settled) this.incoming.fail(answeredError);
    else this.#giveUp(new ShoalError('cancelled', 'The request was given up.'));
  }

  progressed(body: Body): void {
    this.#progress?.(body);
  }

  /** The `ok` answer: everything that was to come on the stream came before it. */
  resolve(body: Body): void {
    if (!this.#settle()) return;
    this.outgoing.fail(answeredError);
    this.incoming.finish();
    this.#result.resolve(body);
  }

  reject(error: ShoalError): void {
    if (!this.#settle()) return;
    this.fail(error);
    this.#result.reject(error);
  }

  #giveUp(error: ShoalError): void {
    this.tell(kinds.cancel, emptyBody.write({}));
    this.reject(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#stopTimer?.();
    this.carrier.over(this.id);
    return true;
  }
}
