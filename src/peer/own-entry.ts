import { toHex } from '../core/bytes/text.ts';
import { encodeCapability } from '../core/crypto/capability.ts';
import { objectKeys, recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { joinRecords, type RecordState, sameRecord } from '../core/record/record.ts';
import type { Changed } from './changes.ts';
import type { FileStatus, Replacing } from './file-view.ts';
import type { OwnFile, OwnFiles } from './own-files.ts';
import type { FileState } from './snapshot.ts';
import { createTask, type Task } from './task.ts';

/** An own file as those see it who look after it. */
export interface Owned extends Pick<FileStatus, 'id' | 'own' | 'state' | 'record' | 'replacing'> {
  /** To whom whole shards of it were sent in this run: they may hold them though no claim came. */
  readonly sentTo: ReadonlySet<string>;
}

/** One own file, from its drop or the start on. */
export type OwnEntry = {
  -readonly [K in keyof FileStatus]: FileStatus[K];
} & {
  readonly objectKey: Uint8Array;
  /** Hex text. */
  readonly recordKey: string;
  readonly sentTo: Set<string>;
  /** Its upload; ended by itself, by cancelling, or with the peer. */
  task: Task;
  /** Changes what is remembered of it over runs, one change after another; shown once it is durable. */
  keep(change: Partial<OwnFile>): Promise<void>;
  /** Resolves when no change of it is being written. */
  kept(): Promise<void>;
  /** More is known of its record, from whom ever: a holder's confession may come at any time. */
  learn(record: RecordState): void;
};

/** What an upload that is given up says. */
export const newUploadTask = (): Task => createTask('The upload was cancelled.');

export function createOwnEntry(first: OwnFile, state: FileState, ownFiles: OwnFiles, changed: Changed): OwnEntry {
  const { objectKey, readKey } = objectKeys(first.writeSeed);
  const recordKey = toHex(recordKeyOf(objectKey));
  let writing: Promise<unknown> = Promise.resolve();
  const entry: OwnEntry = {
    id: recordKey.slice(0, 16),
    own: first,
    capability: encodeCapability({ right: 'read', objectKey, readKey }),
    objectKey,
    recordKey,
    state,
    sealed: 0,
    record: undefined,
    replacing: undefined,
    bytesDurable: 0,
    error: undefined,
    sentTo: new Set(),
    task: newUploadTask(),
    keep(change) {
      const written = writing.then(async () => {
        const own = { ...entry.own, ...change };
        await ownFiles.put(entry.id, own);
        entry.own = own;
      });
      writing = written.catch(() => {});
      return written;
    },
    async kept() {
      await writing;
    },
    learn(record) {
      const joined = entry.record === undefined ? record : joinRecords(entry.record, record);
      if (entry.record !== undefined && sameRecord(entry.record, joined)) return;
      entry.record = joined;
      changed('figures');
    },
  };
  return entry;
}

/** A version that is to take the place of the stored one and has not begun yet. */
export const newReplacing = (named: Pick<Replacing, 'name' | 'size' | 'version'>): Replacing => ({
  ...named,
  state: 'queued',
  sealed: 0,
  bytesDurable: 0,
  bytesTotal: 0,
  error: undefined,
});
