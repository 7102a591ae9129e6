import { ShoalError } from '../../core/errors.ts';
import { detailTextMax } from '../../core/wire/limits.ts';
import { errorBody, kinds } from '../../core/wire/kinds.ts';
import type { Log } from '../ports.ts';
import { deferred } from './deferred.ts';
import type { Body, Handler, Incoming, Session } from './exchange.ts';
import { type Carrier, ExchangeEnd } from './exchange-end.ts';

/** One for all: every request ends so, nearly always with nobody there to hear of it, and the stack of an error costs more than the end. */
const endedError = new ShoalError('cancelled', 'The request has ended.');

/** A request of the other side, from its message until its handler settles. */
export class IncomingRequest extends ExchangeEnd implements Incoming {
  readonly kind: number;
  readonly body: Body;
  readonly session: Session;
  readonly #cancelled = deferred<void>();
  #live = true;

  constructor(id: number, carrier: Carrier, session: Session, kind: number, body: Body) {
    super(id, carrier);
    this.session = session;
    this.kind = kind;
    this.body = body;
  }

  get cancelled(): Promise<void> {
    return this.#cancelled.promise;
  }

  /** Runs the handler and sends its answer, unless the other side has given up meanwhile. Never rejects. */
  async answer(handler: Handler, log: Log): Promise<void> {
    try {
      const body = await handler(this);
      // The answer says that nothing more comes on the stream, so it goes last.
      await this.outgoing.idle();
      if (this.#live) this.carrier.send(kinds.ok, this.id, body);
    } catch (error) {
      if (this.#live) this.#refuse(error, log);
    } finally {
      this.#finish(endedError);
    }
  }

  progress(body: Body): void {
    if (this.#live) this.tell(kinds.progress, body);
  }

  /** The other side gave up, or the link was lost. The handler learns it from `cancelled` and from its next send or receive. */
  abandon(error: ShoalError): void {
    if (!this.#live) return;
    this.#finish(error);
    this.#cancelled.resolve();
  }

  #refuse(error: unknown, log: Log): void {
    const known = error instanceof ShoalError;
    if (!known) log('error', 'a handler failed', { kind: this.kind, detail: String(error) });
    const code = known ? error.code : 'internal';
    const detail = known ? error.message.slice(0, detailTextMax) : 'The other side failed by a mistake of its own.';
    try {
      this.carrier.send(kinds.error, this.id, errorBody.write({ code, detail }));
    } catch {
      // Not even a refusal fits any more: the other side does not read. It must not wait for an answer until its deadline.
      this.session.close('answers pile up unread');
    }
  }

  #finish(error: ShoalError): void {
    if (!this.#live) return;
    this.#live = false;
    this.fail(error);
    this.carrier.over(this.id);
  }
}
