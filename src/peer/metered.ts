import { type ErrorCode, errorCode } from '../core/errors.ts';
import { kinds } from '../core/wire/kinds.ts';
import type { Clock, LinkMeter } from './ports.ts';

/** Figures of what links carried and what was asked over them, for metrics: kinds by name, never ids. */
export interface Meter {
  /** Bytes of one frame; the reason is the kind of request whose stream it is of, `control`, or `other` when that is over. */
  bytes(direction: 'sent' | 'received', reason: string, count: number): void;
  /** A request that ended, by its code or `ok`. */
  request(kind: string, side: 'asked' | 'served', outcome: 'ok' | ErrorCode, ms: number): void;
}

const names = new Map<number | undefined, string>(Object.entries(kinds).map(([name, kind]) => [kind, name]));
const nameOf = (kind: number | undefined): string => names.get(kind) ?? 'other';

/** Counts what the links of one peer tell (SPEC METER-*). */
export function metered(clock: Clock, meter: Meter): LinkMeter {
  return {
    carried: (direction, stream, kind, bytes) => meter.bytes(direction, stream === 0 ? 'control' : nameOf(kind), bytes),
    request(kind, side, ended) {
      const startedMs = clock.now();
      const tell = (outcome: 'ok' | ErrorCode): void => meter.request(nameOf(kind), side, outcome, clock.now() - startedMs);
      ended.then(
        () => tell('ok'),
        (error: unknown) => tell(errorCode(error)),
      );
    },
  };
}
