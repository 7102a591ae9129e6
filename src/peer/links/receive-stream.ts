import { ShoalError } from '../../core/errors.ts';
import { creditCost, type Frame } from '../../core/wire/frame.ts';
import type { CreditAccount, CreditBudget } from './credit.ts';
import { type Deferred, deferred } from './deferred.ts';

/** The receiving direction of one stream. It holds at most what it granted, and grants nothing before the first `receive`. */
export class ReceiveStream {
  readonly #budget: CreditBudget;
  readonly #account: CreditAccount;
  readonly #unread: Uint8Array[] = [];
  readonly #waiting: Deferred<Uint8Array | undefined>[] = [];
  #received = 0;
  #sequence = 0;
  #started = false;
  #ended = false;
  #failure: ShoalError | undefined;

  constructor(id: number, budget: CreditBudget) {
    this.#budget = budget;
    this.#account = { stream: id, granted: 0, consumed: 0, ended: false };
  }

  /** Takes the next data frame. Throws `bad-input` for one that breaks order or credit (SPEC CREDIT-2). */
  frame({ sequence, last, payload }: Frame): void {
    if (this.#ended) throw new ShoalError('bad-input', 'A stream went on after its end.');
    if (sequence !== this.#sequence) throw new ShoalError('bad-input', 'A data frame is out of order.');
    if (payload.length === 0 && !last) throw new ShoalError('bad-input', 'A data frame is empty.');
    if (this.#received + creditCost(payload.length) > this.#account.granted)
      throw new ShoalError('bad-input', 'A stream overran its credit.');
    this.#sequence++;
    this.#received += creditCost(payload.length);
    if (last) this.#budget.end(this.#account, this.#received);
    if (payload.length > 0) this.#deliver(payload);
    if (last) this.finish();
  }

  /** The next bytes; undefined after the last. */
  async receive(): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    const bytes = this.#unread.shift();
    if (bytes !== undefined) {
      this.#consume(bytes);
      return bytes;
    }
    if (this.#ended) return undefined;
    const waiting = deferred<Uint8Array | undefined>();
    this.#waiting.push(waiting);
    if (!this.#started) {
      this.#started = true;
      this.#budget.want(this.#account);
    }
    return waiting.promise;
  }

  /** No more will come; what is unread stays. */
  finish(): void {
    if (this.#ended || this.#failure !== undefined) return;
    this.#ended = true;
    this.#budget.end(this.#account, this.#received);
    for (const waiting of this.#waiting.splice(0)) waiting.resolve(undefined);
  }

  /** Drops what is unread and gives its credit back; whoever waits gets `error`. */
  fail(error: ShoalError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#ended = true;
    this.#unread.length = 0;
    this.#budget.end(this.#account, this.#account.consumed);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }

  #deliver(bytes: Uint8Array): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) {
      this.#unread.push(bytes);
    } else {
      waiting.resolve(bytes);
      this.#consume(bytes);
    }
  }

  #consume(bytes: Uint8Array): void {
    this.#budget.consume(this.#account, creditCost(bytes.length));
  }
}
