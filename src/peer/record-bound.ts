import { closest } from '../core/placement/keepers.ts';
import type { RecordState } from '../core/record/record.ts';

/** Bytes of the records kept, at most. */
const bytesMax = 268_435_456;
/** Down to so much of the bounds at once: to look for those that go takes its time. */
const leftAfter = 0.98;

/** What counts of a record where there are too many. */
export interface Kept {
  /** Those of its statements. */
  readonly bytes: number;
  /** Somebody claims to hold a part of its object, or did before its tombstone came. */
  readonly isClaimed: boolean;
}

/** Whether somebody claims to hold a part of the object. */
export const isClaimed = ({ heads }: RecordState): boolean => heads.some(({ claims }) => claims.size > 0);

/** Bytes of its statements, which are nearly all of it. */
export function statementBytes({ heads, renewal, tombstone }: RecordState): number {
  const statements = [renewal, tombstone, ...heads, ...heads.flatMap(({ claims }) => [...claims.values()])];
  return statements.reduce((sum, statement) => sum + (statement?.signed.length ?? 0), 0);
}

/** How many records are kept here that may be forgotten, and which go when they are too many (SPEC REC-10). */
export interface RecordBound {
  /** It is kept like this; or, undefined, no more. To be said again when it comes to be one that stays whatever comes, or is none any more. */
  set(recordKey: string, kept: Kept | undefined): void;
  isPassed(): boolean;
  /** Has records forgotten until there is room again. */
  trim(forget: (recordKey: string) => Promise<void>): Promise<void>;
}

export function createRecordBound(options: {
  /** Own NodeId. */
  readonly self: string;
  readonly recordsMax: number;
  /** It stays whatever comes, and so does not count: what is owned and held here would else displace what is kept for others. */
  readonly stays: (recordKey: string) => boolean;
}): RecordBound {
  const { self, recordsMax, stays } = options;
  const all = new Map<string, Kept>();
  let total = 0;
  const isAbove = (part: number): boolean => all.size > part * recordsMax || total > part * bytesMax;

  const set: RecordBound['set'] = (recordKey, kept) => {
    const counted = stays(recordKey) ? undefined : kept;
    total += (counted?.bytes ?? 0) - (all.get(recordKey)?.bytes ?? 0);
    if (counted === undefined) all.delete(recordKey);
    else all.set(recordKey, counted);
  };

  return {
    set,
    isPassed: () => isAbove(1),
    async trim(forget) {
      for (const recordKey of forgettingOrder(self, all)) {
        if (!isAbove(leftAfter)) return;
        if (all.has(recordKey)) await forget(recordKey);
      }
    },
  };
}

/**
 * Records in the order in which they go: those that nobody claims first, for keys and signatures cost nothing; among equals the farthest
 * from `self`, of which others are keepers sooner.
 */
export function forgettingOrder(self: string, all: ReadonlyMap<string, Kept>): readonly string[] {
  const farthestFirst = (claimed: boolean): string[] => {
    const keys = [...all].flatMap(([recordKey, kept]) => (kept.isClaimed === claimed ? [recordKey] : []));
    return closest(self, keys.sort(), Infinity).reverse();
  };
  return [...farthestFirst(false), ...farthestFirst(true)];
}
