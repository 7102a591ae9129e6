import { creditStepBytes, linkCreditBytes, streamBytesMax, streamCreditBytes } from '../../core/wire/limits.ts';
import type { Cap } from './cap.ts';

/** What one receiving stream owes and was granted; totals in bytes since it began. */
export interface CreditAccount {
  readonly stream: number;
  /** What the other side may send in all. */
  granted: number;
  /** What the application has taken. */
  consumed: number;
  /** No more will come. */
  ended: boolean;
}

/**
 * The credit that one link's receiver may hand out (SPEC CREDIT-3): each stream up to 1 MiB ahead of what was taken from it, all
 * together up to 4 MiB. In steps, to the streams in the order in which they came to want one: none starves.
 */
export class CreditBudget {
  readonly #send: (account: CreditAccount) => void;
  readonly #cap: Cap | undefined;
  readonly #stepBytes: number;
  /** The cap's turn. */
  readonly #goOn = (): void => this.#grant();
  readonly #waiting = new Set<CreditAccount>();
  /** Granted and not yet taken, over all streams. */
  #outstanding = 0;

  /** `send` tells the other side the account's new total; `cap` says when there may be one. */
  constructor(send: (account: CreditAccount) => void, cap?: Cap) {
    this.#send = send;
    this.#cap = cap;
    this.#stepBytes = cap?.pieceBytes ?? creditStepBytes;
  }

  /** The stream wants to receive. */
  want(account: CreditAccount): void {
    this.#waiting.add(account);
    this.#grant();
  }

  consume(account: CreditAccount, bytes: number): void {
    account.consumed += bytes;
    this.#outstanding -= bytes;
    this.want(account);
  }

  /** No more will come on the stream than `received`: what was granted past that is free again. */
  end(account: CreditAccount, received: number): void {
    const unused = account.granted - received;
    this.#outstanding -= unused;
    account.granted = received;
    account.ended = true;
    this.#cap?.spend(-unused);
    this.#grant();
  }

  #grant(): void {
    const told = new Set<CreditAccount>();
    for (const account of this.#waiting) {
      const wants = this.#wantsStep(account);
      if (wants && (this.#outstanding + this.#stepBytes > linkCreditBytes || this.#cap?.allows(this.#goOn) === false)) break;
      this.#waiting.delete(account);
      if (!wants) continue;
      account.granted += this.#stepBytes;
      this.#outstanding += this.#stepBytes;
      this.#cap?.spend(this.#stepBytes);
      told.add(account);
      // At the back: every other stream that waits comes before its next step. A Set's iteration reaches what is added meanwhile.
      this.#waiting.add(account);
    }
    for (const account of told) this.#send(account);
  }

  #wantsStep({ granted, consumed, ended }: CreditAccount): boolean {
    const next = granted + this.#stepBytes;
    return !ended && next - consumed <= streamCreditBytes && next <= streamBytesMax;
  }
}
