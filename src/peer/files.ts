import { equalBytes } from '../core/bytes/compare.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { requireShape } from '../core/object/geometry.ts';
import { recordOf, type RecordState } from '../core/record/record.ts';
import { isDeleted } from '../core/record/view.ts';
import type { Changed } from './changes.ts';
import { bytesToPlace, isUnderWay, type Replacing } from './file-view.ts';
import { createFileViews } from './file-views.ts';
import type { Membership } from './membership.ts';
import { createOwnEntry, newReplacing, newUploadTask, type Owned, type OwnEntry } from './own-entry.ts';
import { type OwnFile, type OwnFiles, ownStates } from './own-files.ts';
import { createOwnRecords, deletedElsewhere } from './own-records.ts';
import { createSender, type FileToSend, sealedLength, type SenderOptions, type Sending, type Version } from './send-file.ts';
import type { EventDetail, FileState, FileView } from './snapshot.ts';
import { createTask } from './task.ts';

const interruptedWords = 'Its tab was closed, or another one took over, before it was stored. Drop it again.';

/** A file as dropped. */
export interface DroppedFile extends FileToSend {
  /** Id of the own stored file of which this is to be the next version, under the same link; a file of its own where absent. */
  readonly replaces?: string | undefined;
}

export interface FilesOptions extends SenderOptions {
  readonly membership: Membership;
  readonly ownFiles: OwnFiles;
  readonly changed: Changed;
  readonly event: (event: EventDetail) => void;
  /** An upload came to nothing: what it left is to be deleted, and the file forgotten. */
  readonly abandon: (file: Owned) => Promise<void>;
}

/** The files that this profile owns: from the drop to "stored", and what is known of them after. */
export interface Files {
  /** Lists what earlier runs left and looks how it is. */
  start(): Promise<void>;
  /**
   * Begins an upload. Gives the file's id: the first 16 hex digits of its record key. Throws `bad-input` for a profile that no object can
   * have; `not-found` where what it is to replace is no own stored file, `busy` while that one is being stored or deleted.
   */
  drop(file: DroppedFile): string;
  /**
   * Cancels an upload, of a new version where one is under way; takes off the list what ended without success: a first version with its
   * file, of a newer one the word of it (SPEC VER-5).
   */
  cancel(id: string): void;
  /** Takes an upload that ended without success off the list. Resolves when what it left is being deleted, which goes on over any restart. */
  discard(id: string): Promise<void>;
  /** A record kept here is another one now. */
  merged(record: RecordState): void;
  views(): readonly FileView[];
  /** All that are listed. */
  owned(): readonly Owned[];
  /** Whether the object of this record is of one of these. */
  owns(recordKey: string): boolean;
  /** Shows a stored file as being deleted, or as stored after all. */
  show(id: string, state: 'stored' | 'deleting'): void;
  /** It is deleted: takes it off the list. */
  removed(id: string): void;
  stop(): void;
}

export function createFiles(options: FilesOptions): Files {
  const { clock, random, membership, records, ownFiles, log, changed, event } = options;
  const entries = new Map<string, OwnEntry>();
  const send = createSender(options);
  const fileViews = createFileViews(membership, () => clock.now());
  /** Ends with the peer. */
  const life = createTask('This peer leaves.');
  const ownRecords = createOwnRecords({ ...options, task: life });
  let stopped = false;

  const entryOf = (own: OwnFile, state: FileState): OwnEntry => {
    const entry = createOwnEntry(own, state, ownFiles, changed);
    entries.set(entry.id, entry);
    return entry;
  };

  const to = (entry: OwnEntry, state: FileState): void => {
    entry.state = state;
    changed();
  };

  /** Sends one version; what was under way in `entry` is over before. */
  const sendVersion = (
    entry: OwnEntry,
    file: FileToSend,
    each: Pick<Sending, 'version' | 'told' | 'signed' | 'claimed' | 'stored'>,
  ): Promise<void> => {
    let which: Version = { version: 1 };
    return send({
      ...each,
      writeSeed: entry.own.writeSeed,
      file,
      task: entry.task,
      version: async () => (which = await each.version()),
      told(progress, what) {
        each.told(progress);
        changed(what);
      },
      async handing(node) {
        entry.task.requireGoing();
        entry.sentTo.add(node);
        if (entry.own.sent !== which.version) await entry.keep({ sent: which.version });
      },
    });
  };

  const sendFirst = async (entry: OwnEntry, file: FileToSend): Promise<void> => {
    // Before it is noted: a note with such a name could not be read again, and with it the keys would be lost.
    sealedLength(file);
    await entry.keep({});
    await sendVersion(entry, file, {
      version: async () => ({ version: 1 }),
      told: (progress) => void Object.assign(entry, progress),
      async signed(descriptor, signedDescriptor) {
        entry.record = await entry.task.race(records.merge(recordOf(signedDescriptor, descriptor, [])));
      },
      claimed: entry.learn,
      async stored() {
        entry.record = await records.merge(entry.record!);
      },
    });
    await entry.keep({ state: ownStates.stored });
    to(entry, 'stored');
    event({ kind: 'upload', what: 'stored', id: entry.id, file: entry.own.name });
  };

  const sendNext = async (entry: OwnEntry, file: FileToSend): Promise<void> => {
    const named = { name: file.name, size: file.handle.size };
    const told = (progress: Partial<Replacing>): void => void (entry.replacing = { ...entry.replacing!, ...progress });
    sealedLength(file);
    await ownRecords.noteStored(entry);
    await entry.keep({ replacing: named });
    await sendVersion(entry, file, {
      async version() {
        const next = await ownRecords.next(entry);
        told({ version: next.version });
        return next;
      },
      told,
      signed: async (descriptor) => told({ bytesTotal: bytesToPlace(descriptor) }),
      async stored(record) {
        // From here on it is the version, whatever comes: at the next start too, should this peer end between the two.
        entry.record = await records.merge(record);
        await entry.keep({ ...named, addedMs: clock.now(), version: entry.replacing!.version, replacing: undefined });
      },
    });
    showNext(entry);
  };

  /** The new version is the file now. */
  const showNext = (entry: OwnEntry): void => {
    entry.replacing = undefined;
    // The list is in the order in which its files came as they are.
    entries.delete(entry.id);
    entries.set(entry.id, entry);
    changed();
    event({ kind: 'upload', what: 'stored', id: entry.id, file: entry.own.name, version: entry.own.version });
  };

  const failed = async (entry: OwnEntry, reason: unknown): Promise<void> => {
    // What the end of this peer interrupts was not cancelled: the next start says that it is not stored.
    if (stopped) return;
    const isGone = entry.replacing !== undefined && entry.record !== undefined && isDeleted(entry.record);
    const code = isGone ? 'not-found' : errorCode(reason);
    const words = reason instanceof Error ? reason.message : String(reason);
    const error = new ShoalError(code, isGone ? deletedElsewhere : words);
    const state = code === 'cancelled' ? 'cancelled' : 'failed';
    const { id, replacing } = entry;
    await entry.kept();
    // Cancelled after it was stored, while no keeper had heard of it yet: they will.
    if (replacing !== undefined && entry.own.version === replacing.version) return showNext(entry);
    try {
      // Before it is shown: whoever sees it may end this process at once.
      if (replacing === undefined) await options.abandon(entry);
    } finally {
      if (replacing === undefined) Object.assign(entry, { error, state });
      else entry.replacing = { ...entry.replacing!, error, state };
      changed();
      const named =
        entry.replacing === undefined ? { file: entry.own.name } : { file: entry.replacing.name, version: entry.replacing.version };
      event({ kind: 'upload', what: 'failed', id, ...named, code });
    }
  };

  const run = (entry: OwnEntry, sending: Promise<void>): void => {
    const { task } = entry;
    sending
      .catch((reason: unknown) => failed(entry, reason))
      .finally(() => task.end())
      .catch((error: unknown) => log('error', 'upload did not end well', { code: errorCode(error) }));
  };

  const dropFirst = (file: DroppedFile): OwnEntry => {
    const named = { name: file.name, size: file.handle.size, addedMs: clock.now() };
    const entry = entryOf({ writeSeed: random.bytes(32), ...named, state: ownStates.begun, version: 1 }, 'queued');
    run(entry, sendFirst(entry, file));
    return entry;
  };

  const dropNext = (file: DroppedFile, id: string): OwnEntry => {
    const entry = entries.get(id);
    if (entry === undefined || entry.state === 'failed' || entry.state === 'cancelled')
      throw new ShoalError('not-found', 'There is no such stored file here: only its owner can store a new version of it.');
    if (entry.state !== 'stored' || isUnderWay(entry.replacing))
      throw new ShoalError('busy', 'This file is being stored or deleted: wait for that, or cancel it first.');
    entry.replacing = newReplacing({ name: file.name, size: file.handle.size, version: entry.own.version + 1 });
    entry.task = newUploadTask();
    run(entry, sendNext(entry, file));
    return entry;
  };

  const discard = async (id: string): Promise<void> => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    changed();
    await options.abandon(entry);
  };

  return {
    async start() {
      for (const { file } of await ownFiles.list()) {
        if (file.state === ownStates.deleted) continue;
        const entry = entryOf(file, file.state === ownStates.begun ? 'failed' : 'stored');
        const error = new ShoalError('cancelled', interruptedWords);
        if (file.state === ownStates.begun) entry.error = error;
        else if (file.replacing !== undefined)
          entry.replacing = { ...newReplacing({ ...file.replacing, version: file.version + 1 }), state: 'failed', error };
      }
      void ownRecords.refresh([...entries.values()]);
      changed();
    },
    drop(file) {
      if (file.profile !== undefined) requireShape(file.profile.k, file.profile.m);
      const { id } = file.replaces === undefined ? dropFirst(file) : dropNext(file, file.replaces);
      changed();
      return id;
    },
    cancel(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      const say = (error: unknown): void => log('error', 'own file not forgotten', { code: errorCode(error) });
      if (entry.state === 'failed' || entry.state === 'cancelled') return void discard(id).catch(say);
      if (entry.replacing === undefined || isUnderWay(entry.replacing)) return entry.task.end();
      entry.replacing = undefined;
      entry.keep({ replacing: undefined }).catch(say);
      changed();
    },
    discard,
    merged(record) {
      const entry = entries.get(record.recordKey.slice(0, 16));
      if (entry === undefined || entry.state === 'failed' || entry.state === 'cancelled' || entry.state === 'deleting') return;
      if (!equalBytes(record.objectKey, entry.objectKey)) return;
      entry.learn(record);
      // Nobody would take it any more.
      if (isUnderWay(entry.replacing) && isDeleted(record)) entry.task.end();
    },
    views: () => fileViews.of([...entries.values()].reverse()),
    owned: () => [...entries.values()],
    owns: (recordKey) => entries.has(recordKey.slice(0, 16)),
    show(id, state) {
      const entry = entries.get(id);
      if (entry !== undefined) to(entry, state);
    },
    removed(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entries.delete(id);
      event({ kind: 'deleted', id, file: entry.own.name });
      changed();
    },
    stop() {
      stopped = true;
      life.end();
      for (const { task } of entries.values()) task.end();
    },
  };
}
