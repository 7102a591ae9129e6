import type { ShoalError } from '../../core/errors.ts';
import type { kinds } from '../../core/wire/kinds.ts';
import type { CreditBudget } from './credit.ts';
import type { Body, Exchange } from './exchange.ts';
import type { FrameSource } from './outbox.ts';
import { ReceiveStream } from './receive-stream.ts';
import { SendStream } from './send-stream.ts';

/** What one end of an exchange needs of its session. */
export interface Carrier {
  readonly budget: CreditBudget;
  /** The stream may have frames to send. */
  offer(source: FrameSource): void;
  /** Sends a control message. Throws `too-large`, `busy` when too much waits to be sent, `not-found` when the link is lost. */
  send(kind: number, id: number, body: Body): void;
  /** The exchange is over at this end: what still comes for it is late and dropped. */
  over(id: number): void;
}

/** The two directions of one request's stream. */
export class ExchangeEnd implements Exchange {
  readonly id: number;
  readonly carrier: Carrier;
  readonly outgoing: SendStream;
  readonly incoming: ReceiveStream;

  constructor(id: number, carrier: Carrier) {
    this.id = id;
    this.carrier = carrier;
    this.outgoing = new SendStream(id, (source) => carrier.offer(source));
    this.incoming = new ReceiveStream(id, carrier.budget);
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.outgoing.send(bytes);
  }

  end(): void {
    this.outgoing.end();
  }

  receive(): Promise<Uint8Array | undefined> {
    return this.incoming.receive();
  }

  /** Ends both directions: whatever waits on them gets `error`. */
  fail(error: ShoalError): void {
    this.outgoing.fail(error);
    this.incoming.fail(error);
  }

  /** Sends a message of this exchange that may go missing, because the link may be lost by now. */
  tell(kind: (typeof kinds)['progress' | 'cancel'], body: Body): void {
    try {
      this.carrier.send(kind, this.id, body);
    } catch {
      // The session ends, and says so to everyone who waits.
    }
  }
}
