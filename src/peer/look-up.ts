import { type RecordState, joinRecords, sameRecord } from '../core/record/record.ts';
import type { Clock } from './ports.ts';
import { within } from './within.ts';

/** How many of the nearest keepers are asked before all others. */
const nearestCount = 2;
/** A circle waits this long for the one before. */
const widenMs = 150;
/** Once a state was found a look-up goes on for so long, in case there is a better one. */
const settleMs = 1_000;
/** Without an answer from everyone linked it ends after this, so that who never answers holds nobody up; later where links are made for it. */
const patienceMs = 3_000;
const dialPatienceMs = 12_000;

export interface LookUpOptions {
  readonly clock: Clock;
  /** The record as known here. */
  readonly local: RecordState | undefined;
  /** NodeIds of the keepers that are linked now, nearest first; of everyone linked; and of those to make a link to where nobody knows it. */
  readonly keepers: () => readonly string[];
  readonly linked: () => readonly string[];
  readonly unlinked: () => readonly string[];
  /** Asks one peer, making a link to it where there is none. Never rejects. */
  readonly ask: (node: string) => Promise<RecordState | undefined>;
  /** A better state than all before it; also called for answers that come after the end. */
  readonly found: (record: RecordState) => void;
}

/** Looks for a record in ever wider circles (SPEC REC-4). */
export async function lookUp({ clock, local, keepers, linked, unlinked, ask, found }: LookUpOptions): Promise<void> {
  let best: RecordState | undefined;
  let isTold = false;
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

  const tell = (record: RecordState | undefined): void => {
    isTold ||= record !== undefined;
    better(record);
  };

  const asked = new Map<string, Promise<void>>();
  const askEach = (nodes: readonly string[]): Promise<unknown> => {
    for (const node of nodes) if (!asked.has(node)) asked.set(node, ask(node).then(tell));
    return Promise.all(nodes.flatMap((node) => asked.get(node) ?? []));
  };
  const widely = (nodes: readonly string[], ms: number): Promise<void> => within(clock, ms, Promise.race([askEach(nodes), settled]));

  better(local);
  await within(clock, widenMs, askEach(keepers().slice(0, nearestCount)));
  await within(clock, widenMs, askEach(keepers()));
  // Whom a keeper told has asked all that should know; they may still answer.
  await widely(isTold ? keepers() : linked(), patienceMs);
  if (best === undefined) await widely(unlinked(), dialPatienceMs);
}
