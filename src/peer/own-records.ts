import { errorCode, ShoalError } from '../core/errors.ts';
import { parseSigned } from '../core/object/signed.ts';
import { isDeleted } from '../core/record/view.ts';
import type { Changed } from './changes.ts';
import { isUnderWay } from './file-view.ts';
import type { Lenders } from './lenders.ts';
import type { OwnEntry } from './own-entry.ts';
import type { Crypto, Log } from './ports.ts';
import type { Records } from './records.ts';
import type { Version } from './send-file.ts';
import type { Task } from './task.ts';

/** What becomes of a new version of a file that is no more. */
export const deletedElsewhere = 'This file was deleted, on another of your devices.';

/** Own files of earlier runs that are looked up at once. */
const refreshesMax = 8;

/** What the swarm knows of own files. */
export interface OwnRecords {
  /** Looks for the records of own files of earlier runs, the last ones first, a few at a time. */
  refresh(entries: OwnEntry[]): Promise<void>;
  /**
   * The version after all that are known, and what it replaces: the newest that is stored, which may be of another device (SPEC VER-1).
   * Throws `not-found` where the file was deleted elsewhere, `not-enough-peers` where nobody knows what is to be replaced.
   */
  next(entry: OwnEntry): Promise<Version>;
  /** Notes that a new version was stored where its peer ended, or could not write, just before it was noted (SPEC VER-5). */
  noteStored(entry: OwnEntry): Promise<void>;
}

export function createOwnRecords(options: {
  readonly crypto: Crypto;
  readonly records: Records;
  readonly lenders: Pick<Lenders, 'settled'>;
  readonly log: Log;
  readonly changed: Changed;
  /** Ends with the peer. */
  readonly task: Task;
}): OwnRecords {
  const { crypto, records, lenders, log, changed, task } = options;

  /** What is known here. */
  const recall = async (entry: OwnEntry): Promise<void> => {
    const local = await records.local(entry.recordKey);
    if (local !== undefined) entry.learn(local);
  };
  const lookUp = (entry: OwnEntry, during: Task): Promise<void> =>
    during.race(records.lookUp(entry.objectKey, (record) => entry.learn(record)));

  const noteStored = async (entry: OwnEntry): Promise<void> => {
    const { own, record, replacing } = entry;
    if (own.replacing === undefined || own.sent === undefined || own.sent <= own.version) return;
    // No record has what was not stored.
    if (!record?.heads.some(({ descriptor }) => descriptor.version === own.sent)) return;
    if (entry.state !== 'stored') return;
    await entry.keep({ ...own.replacing, version: own.sent, replacing: undefined });
    if (entry.replacing === replacing && !isUnderWay(replacing)) entry.replacing = undefined;
    changed();
  };

  const refresh = async (entry: OwnEntry): Promise<void> => {
    await recall(entry);
    await noteStored(entry);
    await task.race(lenders.settled());
    await lookUp(entry, task);
    await noteStored(entry);
    // An owner keeps the record, and so hears of what changes.
    if (entry.record !== undefined) await records.merge(entry.record);
  };

  return {
    async refresh(left) {
      const some = async (): Promise<void> => {
        for (let entry = left.pop(); entry !== undefined; entry = left.pop()) {
          await refresh(entry).catch((error: unknown) => log('warn', 'own record not read', { code: errorCode(error) }));
        }
      };
      await Promise.all(Array.from({ length: refreshesMax }, some));
    },
    async next(entry) {
      await recall(entry);
      await lookUp(entry, entry.task);
      const { record, own } = entry;
      if (record !== undefined && isDeleted(record)) throw new ShoalError('not-found', deletedElsewhere);
      const replaced = record?.heads[0];
      if (replaced === undefined || replaced.descriptor.version < own.version)
        throw new ShoalError('not-enough-peers', 'Nobody online knows the version that it replaces. Try again when its holders are back.');
      return {
        version: Math.max(replaced.descriptor.version, own.sent ?? 0) + 1,
        previous: await crypto.sha256(parseSigned(replaced.signed).body),
      };
    },
    noteStored,
  };
}
