import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { errorCode } from '../core/errors.ts';
import type { Clock, Log, Random } from './ports.ts';
import type { Records } from './records.ts';
import type { Task } from './task.ts';

/** Time between two looks at one record, of which up to a quarter is left out or added. */
const everyMs = 3_600_000;
/** A first look, where what is known may be old or not all. */
export const firstLookMs = 60_000;
/** After signaling came back records are looked at when the links had this long to do the same. */
const relinkMs = 10_000;
/** And none sooner than this after it was looked at last. */
const againMs = 300_000;
const atOnceMax = 8;

/** A record that this peer wants to know, when it was looked at, and when it will be, ms. */
interface Watched {
  readonly objectKey: Uint8Array;
  askedMs: number;
  dueMs: number;
}

/** Looks again at the records of own files and of what is held here: who is no keeper of a record hears of no change (SPEC REC-7). */
export interface Refreshes {
  /** Looks at the record of this object from now on: first after some `afterMs`, unless that is settled already, then every hour. */
  watch(objectKey: Uint8Array, afterMs?: number): void;
  unwatch(recordKey: string): void;
  /** Signaling came back: much may have happened meanwhile. */
  soon(): void;
}

export function createRefreshes(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly records: Pick<Records, 'refresh'>;
  readonly log: Log;
  /** Ends with the peer. */
  readonly task: Task;
}): Refreshes {
  const { clock, random, records, log, task } = options;
  const watched = new Map<string, Watched>();
  let underWay = 0;
  /** When the timer is set to, and how to unset it. */
  let timerMs = Infinity;
  let stopTimer = (): void => {};
  let over = false;

  const later = (ms: number): number => clock.now() + ms * (0.75 + random.bytes(1)[0]! / 512);

  const look = (each: Watched): void => {
    Object.assign(each, { askedMs: clock.now(), dueMs: later(everyMs) });
    underWay++;
    records
      .refresh(each.objectKey)
      .catch((error: unknown) => log('warn', 'record not read again', { code: errorCode(error) }))
      .finally(() => {
        underWay--;
        next();
      })
      .catch((error: unknown) => log('error', 'looks at records ended', { code: errorCode(error) }));
  };

  /** Begins what is due, and sets the timer to what will be. */
  const next = (): void => {
    stopTimer();
    timerMs = Infinity;
    while (!over && underWay < atOnceMax && watched.size > 0) {
      const first = [...watched.values()].reduce((soonest, each) => (each.dueMs < soonest.dueMs ? each : soonest));
      if (first.dueMs > clock.now()) {
        timerMs = first.dueMs;
        stopTimer = clock.timer(timerMs - clock.now(), next);
        return;
      }
      look(first);
    }
  };

  task.onEnd(() => {
    over = true;
    stopTimer();
  });

  return {
    watch(objectKey, afterMs = everyMs) {
      const recordKey = toHex(recordKeyOf(objectKey));
      if (watched.has(recordKey)) return;
      const dueMs = later(afterMs);
      watched.set(recordKey, { objectKey, askedMs: clock.now(), dueMs });
      if (dueMs < timerMs) next();
    },
    unwatch: (recordKey) => void watched.delete(recordKey),
    soon() {
      for (const each of watched.values()) each.dueMs = Math.min(each.dueMs, Math.max(clock.now() + relinkMs, each.askedMs + againMs));
      next();
    },
  };
}
