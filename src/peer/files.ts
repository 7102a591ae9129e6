import { equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { ciphertextLength } from '../core/crypto/chunks.ts';
import { encodeCapability } from '../core/crypto/capability.ts';
import { objectKeys, recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { contentRoot, type Descriptor, descriptorLabel, encodeDescriptorBody } from '../core/object/descriptor.ts';
import { maxCiphertextLength, requireShape } from '../core/object/geometry.ts';
import { streamLength } from '../core/object/header.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { chooseProfile, type Profile } from '../core/placement/profile.ts';
import { joinRecords, recordOf, type RecordState, sameRecord } from '../core/record/record.ts';
import type { Authority } from './authority.ts';
import type { Changed, Changes } from './changes.ts';
import type { FileStatus } from './file-view.ts';
import { createFileViews } from './file-views.ts';
import type { Links } from './links/exchange.ts';
import type { Lenders } from './lenders.ts';
import type { Membership } from './membership.ts';
import { type OwnFile, type OwnFiles, ownStates } from './own-files.ts';
import type { Policy } from './policy.ts';
import type { Clock, Codec, Crypto, FileHandle, Log, Random } from './ports.ts';
import type { Records } from './records.ts';
import type { EventDetail, FileState, FileView } from './snapshot.ts';
import { createTask, type Task } from './task.ts';
import { createTurns } from './turns.ts';
import { upload } from './upload.ts';

const saltBytes = 24;
/** Own files of earlier runs that are looked up at once. */
const refreshesMax = 8;

/** A file as dropped. */
export interface DroppedFile {
  readonly handle: FileHandle;
  readonly name: string;
  readonly media: string;
  readonly mtime: number;
  /** How to cut it, where that is not left to the table (SPEC PLACE-1). */
  readonly profile?: Profile | undefined;
}

export interface FilesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly membership: Membership;
  readonly records: Records;
  readonly authority: Authority;
  readonly codec: Codec;
  readonly ownFiles: OwnFiles;
  readonly log: Log;
  readonly changes: Changes;
  readonly lenders: Lenders;
  readonly policy: Pick<Policy, 'leaseMs'>;
  readonly changed: Changed;
  readonly event: (event: EventDetail) => void;
  /** An upload came to nothing: what it left is to be deleted, and the file forgotten. */
  readonly abandon: (file: Owned) => Promise<void>;
}

/** An own file as those see it who look after it. */
export type Owned = Pick<FileStatus, 'id' | 'own' | 'state' | 'record'>;

/** The files that this profile owns: from the drop to "stored", and what is known of them after. */
export interface Files {
  /** Lists what earlier runs left and looks how it is. */
  start(): Promise<void>;
  /** Begins an upload. Gives the file's id: the first 16 hex digits of its record key. Throws `bad-input` for a profile that no object can have. */
  drop(file: DroppedFile): string;
  /** Cancels an upload; one that has ended without success is taken off the list. */
  cancel(id: string): void;
  /** A record kept here is another one now. */
  merged(record: RecordState): void;
  views(): readonly FileView[];
  /** All that are listed. */
  owned(): readonly Owned[];
  /** Shows a stored file as being deleted, or as stored after all. */
  show(id: string, state: 'stored' | 'deleting'): void;
  /** It is deleted: takes it off the list. */
  removed(id: string): void;
  stop(): void;
}

/** One file from its drop on. */
type Entry = {
  -readonly [K in keyof FileStatus]: FileStatus[K];
} & {
  readonly objectKey: Uint8Array;
  /** Bytes durable, by segment × n + shard. */
  readonly durable: Map<number, number>;
  /** Its upload; ended by itself, by cancelling, or with the peer. */
  readonly task: Task;
};

export function createFiles(options: FilesOptions): Files {
  const { clock, random, crypto, membership, records, codec, ownFiles, changes, lenders, changed } = options;
  const entries = new Map<string, Entry>();
  const turns = createTurns();
  const fileViews = createFileViews(membership, () => clock.now());
  let stopped = false;

  const entryOf = (own: OwnFile, state: FileState): Entry => {
    const { objectKey, readKey } = objectKeys(own.writeSeed);
    const entry: Entry = {
      id: toHex(recordKeyOf(objectKey)).slice(0, 16),
      own,
      capability: encodeCapability({ right: 'read', objectKey, readKey }),
      objectKey,
      state,
      sealed: 0,
      record: undefined,
      durable: new Map(),
      bytesDurable: 0,
      error: undefined,
      task: createTask('The upload was cancelled.'),
    };
    entries.set(entry.id, entry);
    return entry;
  };

  const to = (entry: Entry, state: FileState): void => {
    entry.state = state;
    changed();
  };

  /** More is known of a file's record, from whom ever: a holder's confession may come at any time. */
  const learn = (entry: Entry, record: RecordState): void => {
    const joined = entry.record === undefined ? record : joinRecords(entry.record, record);
    if (entry.record !== undefined && sameRecord(entry.record, joined)) return;
    entry.record = joined;
    changed('figures');
  };

  /** (k, m) as asked for, or for the peers that lend storage now; waits while there is none, and then until those that come with the first are there. */
  const choose = async (entry: Entry, length: number, asked: Profile | undefined): Promise<Profile> => {
    await entry.task.race(lenders.settled());
    while (lenders.candidates().length === 0) {
      to(entry, 'waiting');
      await entry.task.race(changes.next());
      await entry.task.race(lenders.settled());
    }
    const profile = asked ?? chooseProfile(lenders.candidates().length, length);
    const most = maxCiphertextLength(profile.k, profile.m);
    if (length > most)
      throw new ShoalError('too-large', `This file has ${length} bytes sealed; the most that can be kept here is ${most}.`);
    return profile;
  };

  /** First pass and signature: what makes the link valid. */
  const seal = async (entry: Entry, file: DroppedFile) => {
    const header = { name: file.name, media: file.media, size: file.handle.size, mtime: file.mtime };
    const { handle, profile, ...named } = file;
    const { k, m } = await choose(entry, ciphertextLength(streamLength(header)), profile);
    to(entry, 'sealing');
    const { signSeed, objectKey, readKey } = objectKeys(entry.own.writeSeed);
    const salt = random.bytes(saltBytes);
    // A file on a drive that does not answer cannot be stopped being read, and is not waited for either.
    const opening = codec.seal({ file: handle, ...named, objectKey, readKey, salt, version: 1, k, m });
    const sealer = await entry.task.race(opening.then((opened) => (entry.task.onEnd(() => opened.close()), opened)));
    const progress = (bytes: number): void => {
      entry.sealed = bytes;
      changed('figures');
    };
    const sealed = await entry.task.race(sealer.commit(progress));
    const created = clock.now();
    const content = { objectKey, version: 1, k, m, ciphertextLength: sealed.ciphertextLength, roots: sealed.roots };
    const descriptor: Descriptor = {
      ...content,
      contentRoot: contentRoot(content),
      createdMs: created,
      leaseMs: created + options.policy.leaseMs,
      class: 0,
      policy: { anchorsMin: 0, domainMax: Math.max(1, m) },
    };
    const owner = await crypto.signer(signSeed);
    const body = encodeDescriptorBody(descriptor);
    const signedDescriptor = encodeSigned(body, await owner.sign(signingBytes(descriptorLabel, body)));
    return { owner, descriptor, signedDescriptor, sealer };
  };

  const send = async (entry: Entry, file: DroppedFile): Promise<void> => {
    await ownFiles.put(entry.id, entry.own);
    const turn = await turns.take(file.handle.size, entry.task);
    to(entry, 'sealing');
    const sealed = await seal(entry, file);
    const n = sealed.descriptor.k + sealed.descriptor.m;
    entry.record = await entry.task.race(records.merge(recordOf(sealed.signedDescriptor, sealed.descriptor, [])));
    to(entry, 'spreading');
    await upload({
      ...options,
      ...sealed,
      task: entry.task,
      turn,
      candidates: () => lenders.candidates(),
      events: {
        durable(segment, shard, bytes) {
          const index = segment * n + shard;
          entry.bytesDurable += bytes - (entry.durable.get(index) ?? 0);
          entry.durable.set(index, bytes);
          changed('figures');
        },
        claimed: (record) => learn(entry, record),
        state: (state) => to(entry, state),
      },
    });
    entry.record = await records.merge(entry.record);
    await ownFiles.put(entry.id, { ...entry.own, state: ownStates.stored });
    to(entry, 'stored');
    options.event({ kind: 'upload', what: 'stored', id: entry.id, file: entry.own.name });
  };

  const failed = async (entry: Entry, reason: unknown): Promise<void> => {
    // What the end of this peer interrupts was not cancelled: the next start says that it is not stored.
    if (stopped) return;
    const code = errorCode(reason);
    entry.error = reason instanceof ShoalError ? reason : new ShoalError(code, reason instanceof Error ? reason.message : String(reason));
    try {
      // Before it is shown: whoever sees it may end this process at once.
      await options.abandon(entry);
    } finally {
      to(entry, code === 'cancelled' ? 'cancelled' : 'failed');
      options.event({ kind: 'upload', what: 'failed', id: entry.id, file: entry.own.name, code });
    }
  };

  /** What is known of a file from an earlier run: here at once, then in the swarm. */
  const refresh = async (entry: Entry): Promise<void> => {
    const local = await records.local(toHex(recordKeyOf(entry.objectKey)));
    if (local !== undefined) learn(entry, local);
    await entry.task.race(lenders.settled());
    await entry.task.race(records.lookUp(entry.objectKey, (record) => learn(entry, record)));
    // An owner keeps the record, and so hears of what changes.
    if (entry.record !== undefined) await records.merge(entry.record);
  };

  /** The newest first, a few at a time. */
  const refreshAll = async (left: Entry[]): Promise<void> => {
    const some = async (): Promise<void> => {
      for (let entry = left.pop(); entry !== undefined; entry = left.pop()) {
        await refresh(entry).catch((error: unknown) => options.log('warn', 'own record not read', { code: errorCode(error) }));
      }
    };
    await Promise.all(Array.from({ length: refreshesMax }, some));
  };

  return {
    async start() {
      for (const { file } of await ownFiles.list()) {
        if (file.state === ownStates.deleted) continue;
        const entry = entryOf(file, file.state === ownStates.begun ? 'failed' : 'stored');
        if (file.state === ownStates.begun)
          entry.error = new ShoalError(
            'cancelled',
            'Its tab was closed, or another one took over, before this file was stored. Drop it again.',
          );
      }
      void refreshAll([...entries.values()]);
      changed();
    },
    drop(file) {
      if (file.profile !== undefined) requireShape(file.profile.k, file.profile.m);
      const named = { name: file.name, size: file.handle.size, addedMs: clock.now() };
      const own: OwnFile = { writeSeed: random.bytes(32), ...named, state: ownStates.begun, version: 1 };
      const entry = entryOf(own, 'queued');
      changed();
      send(entry, file)
        .catch((reason: unknown) => failed(entry, reason))
        .finally(() => entry.task.end())
        .catch((error: unknown) => options.log('error', 'upload did not end well', { code: errorCode(error) }));
      return entry.id;
    },
    cancel(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      if (entry.state === 'failed' || entry.state === 'cancelled') {
        entries.delete(id);
        options.abandon(entry).catch((error: unknown) => options.log('error', 'own file not forgotten', { code: errorCode(error) }));
        return changed();
      }
      entry.task.end();
    },
    merged(record) {
      const entry = entries.get(record.recordKey.slice(0, 16));
      if (entry === undefined || entry.state === 'failed' || entry.state === 'cancelled' || entry.state === 'deleting') return;
      if (equalBytes(record.objectKey, entry.objectKey)) learn(entry, record);
    },
    views: () => fileViews.of([...entries.values()].reverse()),
    owned: () => [...entries.values()],
    show(id, state) {
      const entry = entries.get(id);
      if (entry !== undefined) to(entry, state);
    },
    removed(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entries.delete(id);
      options.event({ kind: 'deleted', id, file: entry.own.name });
      changed();
    },
    stop() {
      stopped = true;
      for (const { task } of entries.values()) task.end();
    },
  };
}
