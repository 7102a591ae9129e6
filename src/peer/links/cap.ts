import { ShoalError } from '../../core/errors.ts';
import { bandwidthMin, creditStepBytes, smallFrameBytes } from '../../core/wire/limits.ts';
import { type TokenLevel, tokenLevel } from '../../core/wire/token-level.ts';
import type { Clock } from '../ports.ts';

/** Most bytes a second over all links of a peer; no limit where undefined. */
export interface Bandwidth {
  readonly up?: number | undefined;
  readonly down?: number | undefined;
}

/** The caps of both directions, shared by every link. */
export interface Caps {
  readonly up?: Cap | undefined;
  readonly down?: Cap | undefined;
}

/** Throws `bad-input` for a limit below 65,536 bytes a second (SPEC RATE-1). */
export function capsOf(bandwidth: Bandwidth, clock: Clock): Caps {
  const cap = (perSecond: number | undefined): Cap | undefined => (perSecond === undefined ? undefined : new Cap(perSecond, clock));
  return { up: cap(bandwidth.up), down: cap(bandwidth.down) };
}

/** One direction's cap: says when the next piece of bulk may go, to the links in turn (SPEC RATE-*). */
export class Cap {
  /** Bulk goes in pieces of this size at most: about a sixteenth of a second's worth, so that links and streams alternate quickly. */
  readonly pieceBytes: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #bytes: TokenLevel;
  /** Who wants to go on, in the order in which they came to want it. */
  readonly #waiting = new Set<() => void>();
  #turn: (() => void) | undefined;
  /** Stops the timer of the next turn; there is one while somebody waits. */
  #stopTimer: (() => void) | undefined;

  constructor(perSecond: number, clock: Clock) {
    if (!(perSecond >= bandwidthMin)) throw new ShoalError('bad-input', `A bandwidth limit is at least ${bandwidthMin} bytes a second.`);
    this.pieceBytes = Math.min(creditStepBytes, Math.max(smallFrameBytes, Math.floor(perSecond / 16)));
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#bytes = tokenLevel({ perSecond, burst: perSecond / 8 }, () => clock.now());
  }

  /** Counts bytes, whether or not they had to wait; negative ones were counted and will not come after all. */
  spend(bytes: number): void {
    this.#bytes.spend(bytes);
    if (bytes < 0) this.#wake();
  }

  /** Whether `waiter` may have one more piece now. If not, it is called when it may. */
  allows(waiter: () => void): boolean {
    if (this.#bytes.left() > 0 && (this.#waiting.size === 0 || this.#turn === waiter)) {
      this.#turn = undefined;
      return true;
    }
    this.#waiting.add(waiter);
    if (this.#stopTimer === undefined) this.#wake();
    return false;
  }

  /** Gives turns as soon as something may go. */
  #wake(): void {
    this.#stopTimer?.();
    if (this.#waiting.size === 0) return;
    this.#stopTimer = this.#clock.timer(Math.max(0, Math.ceil((-this.#bytes.left() / this.#perSecond) * 1_000) + 1), () => {
      this.#stopTimer = undefined;
      for (const waiter of this.#waiting) {
        if (this.#bytes.left() <= 0) break;
        this.#waiting.delete(waiter);
        this.#turn = waiter;
        waiter();
        this.#turn = undefined;
      }
      this.#wake();
    });
  }
}
