import { type RecordState, joinRecords, sameRecord } from '../core/record/record.ts';
import type { Clock } from './ports.ts';
import { within } from './within.ts';

/** How many of the nearest peers are asked first, and then; everyone is asked last. The second number is that of the keepers. */
const waves = [2, 8] as const;
/** A wave waits this long for the one before. */
const widenMs = 150;
/** Once a state was found a look-up goes on for so long, in case there is a better one. */
const settleMs = 1_000;
/** Without an answer from everyone it ends after this, so that who never answers holds nobody up. */
const patienceMs = 3_000;

export interface LookUpOptions {
  readonly clock: Clock;
  /** The record as known here. */
  readonly local: RecordState | undefined;
  /** NodeIds of the linked peers now, nearest to the record key first. */
  readonly near: () => readonly string[];
  /** Asks one peer. Never rejects. */
  readonly ask: (node: string) => Promise<RecordState | undefined>;
  /** A better state than all before it; also called for answers that come after the end. */
  readonly found: (record: RecordState) => void;
}

/** Looks for a record in ever wider circles (SPEC REC-4). */
export async function lookUp({ clock, local, near, ask, found }: LookUpOptions): Promise<void> {
  let best: RecordState | undefined;
  let enough = (): void => {};
  const settled = new Promise<void>((resolve) => {
    enough = resolve;
  });

  const better = (record: RecordState | undefined): void => {
    if (record === undefined) return;
    if (best === undefined) clock.timer(settleMs, enough);
    const joined = best === undefined ? record : joinRecords(best, record);
    if (best !== undefined && sameRecord(best, joined)) return;
    best = joined;
    found(joined);
  };

  const asked = new Map<string, Promise<void>>();
  const askEach = (nodes: readonly string[]): Promise<unknown> => {
    for (const node of nodes) if (!asked.has(node)) asked.set(node, ask(node).then(better));
    return Promise.all(asked.values());
  };

  better(local);
  for (const count of waves) await within(clock, widenMs, askEach(near().slice(0, count)));
  await within(clock, patienceMs, Promise.race([askEach(near()), settled]));
}
