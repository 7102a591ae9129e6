import type { Clock } from '../../peer/ports.ts';

/** A clock that stands still until told to run, then jumps from event to event. */
export interface VirtualClock extends Clock {
  /** How many events have run. */
  readonly ran: number;
  /** Runs every event up to and at `untilMs`, then stands there. */
  run(untilMs: number): Promise<void>;
  /** Runs events until `done()` holds; false when it still does not at `untilMs` or nothing is left to happen. */
  runUntil(done: () => boolean, untilMs: number): Promise<boolean>;
}

interface Event {
  readonly timeMs: number;
  /** Events of one time run in the order they were set. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** With fewer cancelled events than this a heap is not worth clearing. */
const clearedMin = 1_000;

/**
 * Virtual time from `startMs`. `drain` resolves once no microtask is left (in Node: a `setImmediate`), so that everything an event
 * set off through promises has happened before the next event: the same program gives the same order, always.
 */
export function virtualClock(drain: () => Promise<void>, startMs = Date.UTC(2026, 0, 1)): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  let ran = 0;
  let cancelled = 0;
  let heap: Event[] = [];

  /** Runs the next event; false where it was cancelled, and nothing happened. */
  function step(): boolean {
    const event = pop(heap)!;
    const { run } = event;
    if (run === undefined) {
      cancelled--;
      return false;
    }
    event.run = undefined;
    nowMs = event.timeMs;
    ran++;
    run();
    return true;
  }

  function cancel(event: Event): void {
    if (event.run === undefined) return;
    event.run = undefined;
    // Most deadlines are cancelled long before they are due: without this the heap would hold an hour of them.
    if (++cancelled < clearedMin || cancelled < heap.length / 2) return;
    heap = heap.filter(({ run }) => run !== undefined).sort((a, b) => (before(a, b) ? -1 : 1));
    cancelled = 0;
  }

  const next = (): number => (heap.length === 0 ? Infinity : heap[0]!.timeMs);

  return {
    get ran() {
      return ran;
    },
    now: () => nowMs,
    timer(ms, run) {
      // Whole milliseconds, as Date.now() and setTimeout have them; rounding up keeps the order of any two moments.
      const event: Event = { timeMs: nowMs + Math.ceil(Math.max(0, ms)), order: order++, run };
      push(heap, event);
      return () => cancel(event);
    },
    async run(untilMs) {
      await drain();
      while (next() <= untilMs) if (step()) await drain();
      nowMs = Math.max(nowMs, Math.floor(untilMs));
    },
    async runUntil(done, untilMs) {
      await drain();
      while (!done()) {
        if (next() > untilMs) return false;
        if (step()) await drain();
      }
      return true;
    },
  };
}

const before = (a: Event, b: Event): boolean => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order);

/** Adds to a binary heap whose first item is the earliest. */
function push(heap: Event[], event: Event): void {
  let i = heap.push(event) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(event, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return first;
}
