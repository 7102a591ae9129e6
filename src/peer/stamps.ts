import { encodeRecord, stampOf } from '../core/record/stored.ts';
import { isClaimed, type Kept, statementBytes } from './record-bound.ts';
import type { Records } from './records.ts';

/** What a state of a record is known by, and what counts of it. */
export interface Stamp extends Kept {
  readonly stamp: Uint8Array;
}

/** The stamps of the records kept here: worked out once for each state. */
export interface Stamps {
  /** Undefined where the record is not kept here. */
  of(recordKey: string): Promise<Stamp | undefined>;
  /** It is another one now, or none. */
  forget(recordKey: string): void;
}

export function createStamps(records: Pick<Records, 'local'>): Stamps {
  const known = new Map<string, Promise<Stamp | undefined>>();

  const stampFor = async (recordKey: string): Promise<Stamp | undefined> => {
    const record = await records.local(recordKey);
    if (record === undefined) return undefined;
    return { stamp: stampOf(encodeRecord(record)), bytes: statementBytes(record), isClaimed: isClaimed(record) };
  };

  return {
    of(recordKey) {
      const before = known.get(recordKey);
      if (before !== undefined) return before;
      const found = stampFor(recordKey);
      known.set(recordKey, found);
      const forget = (): void => {
        if (known.get(recordKey) === found) known.delete(recordKey);
      };
      // What is not kept is not remembered either: anybody may ask for it.
      found.then((stamp) => stamp ?? forget(), forget);
      return found;
    },
    forget: (recordKey) => void known.delete(recordKey),
  };
}
