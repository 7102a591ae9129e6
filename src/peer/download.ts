import type { Capability } from '../core/crypto/capability.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { errorCode, ShoalError, type Verdict } from '../core/errors.ts';
import type { Band } from '../core/object/bands.ts';
import { type FilePart, requirePart } from '../core/object/excerpt.ts';
import { joinRecords, type RecordState } from '../core/record/record.ts';
import type { Head } from '../core/record/heads.ts';
import { isDeleted, readableHead } from '../core/record/view.ts';
import type { Changed, Changes } from './changes.ts';
import type { Floors } from './floors.ts';
import type { Links } from './links/exchange.ts';
import type { Membership } from './membership.ts';
import { createPace } from './pace.ts';
import type { Clock, Codec, Log, PlainHeader, Sink } from './ports.ts';
import { openReading, type Reading } from './reading.ts';
import type { Records } from './records.ts';
import { createTask, type Task } from './task.ts';
import { receiveView } from './receive-view.ts';
import type { ReceiveState, ReceiveView } from './snapshot.ts';
import { within } from './within.ts';

/** What was looked up longer ago is looked up once more before a download, but not waited for longer than this. */
const freshMs = 10_000;
const freshenMs = 1_000;
/** While something is missing it is looked for again at each change of the swarm, and this often; not sooner after the last look than that. */
const retryMs = 3_000;
const leastMs = 1_000;

export interface ReceiveOptions {
  readonly clock: Clock;
  readonly links: Links;
  readonly membership: Pick<Membership, 'peer'>;
  readonly records: Records;
  readonly codec: Codec;
  readonly log: Log;
  readonly changes: Changes;
  readonly capability: Extract<Capability, { right: 'read' }>;
  readonly floors: Floors;
  readonly verdict: (verdict: Verdict) => void;
  /** The view changed. */
  readonly changed: Changed;
}

/** One opened link, from the first look-up to the verified file. */
export interface Receive {
  readonly id: string;
  view(): ReceiveView;
  /**
   * Hands the verified file, or a part of it, to the sink; resolves when all of it was. Throws what went wrong, after telling the sink;
   * `bad-input` for a part that the file does not have and `busy` while another download runs change nothing else.
   */
  download(sink: Sink, part?: FilePart): Promise<void>;
  /** Gives the running download up; it can be begun again. */
  cancel(): void;
  /** Ends everything: nobody looks at this receive any more. */
  close(): void;
}

/** Id of the receive of a capability: the first 16 hex digits of its record key. */
export function receiveIdOf({ objectKey }: { readonly objectKey: Uint8Array }): string {
  return toHex(recordKeyOf(objectKey)).slice(0, 16);
}

const cancelledWords = 'The download was cancelled.';

export function startReceive(options: ReceiveOptions): Receive {
  const { clock, links, membership, records, changes, capability, changed, floors } = options;
  const id = receiveIdOf(capability);
  const recordKey = toHex(recordKeyOf(capability.objectKey));
  const life = createTask(cancelledWords);
  const bad = new Set<string>();
  const pace = createPace();
  /** What is read at the moment and cannot be had from the peers linked now. */
  const starving = new Set<Band>();
  let state: Exclude<ReceiveState, 'waiting'> = 'looking';
  let record: RecordState | undefined;
  /** When the last look-up ended, ms. */
  let lookedMs = 0;
  /** What was handed over before: nothing older is read (SPEC VER-3). */
  let floor = 0;
  let header: PlainHeader | undefined;
  let bytesDone = 0;
  let part: FilePart | undefined;
  let error: ShoalError | undefined;
  let looking: Promise<void> | undefined;
  /** The running download. */
  let run: Task | undefined;
  /** The reading that gave the header, until a download goes on with it; and that of the last download until another begins. */
  let begun: Reading | undefined;
  let last: Reading | undefined;

  const to = (next: typeof state): void => {
    state = next;
    changed();
  };

  /** One look-up at a time, whoever waits for it. */
  const lookUp = (): Promise<void> => {
    looking ??= records
      .lookUp(capability.objectKey, (found) => {
        record = record === undefined ? found : joinRecords(record, found);
        changed();
      })
      .finally(() => {
        looking = undefined;
        lookedMs = clock.now();
      });
    return looking;
  };

  const readable = (): Head | undefined => record && readableHead(record, clock.now(), floor);

  const requireThere = (): void => {
    if (record !== undefined && isDeleted(record)) throw new ShoalError('not-found', 'This file was deleted by its owner.');
  };

  /** Looks for the record, or for more of it, and throws `not-found` where its owner deleted the file. */
  const look = async (task: Task): Promise<void> => {
    await task.race(lookUp());
    requireThere();
  };

  /** Waits for a change of the swarm, not for long, and looks again. */
  const lookAgain = async (task: Task): Promise<void> => {
    await task.race(changes.next(retryMs));
    // In a large swarm something changes all the time, and each look asks everybody linked.
    const pauseMs = lookedMs + leastMs - clock.now();
    if (pauseMs > 0) await task.race(new Promise<void>((resolve) => void clock.timer(pauseMs, resolve)));
    await look(task);
  };

  const open = (task: Task): Promise<Reading> =>
    openReading(
      {
        ...options,
        bad,
        pace,
        known: () => record,
        readable,
        readKey: capability.readKey,
        starved(band, waiting) {
          starving.add(band);
          changed();
          return lookAgain(waiting);
        },
        fed(band) {
          if (starving.delete(band)) changed();
        },
      },
      task,
    );

  /** Finds the record and reads the header. */
  const begin = async (): Promise<void> => {
    floor = await life.race(floors.of(recordKey));
    await look(life);
    while (readable() === undefined) await lookAgain(life);
    begun = await open(life);
    life.requireGoing();
    ({ header } = begun);
    error = undefined;
    to('ready');
  };

  const fail = (reason: unknown): ShoalError => {
    error =
      reason instanceof ShoalError ? reason : new ShoalError(errorCode(reason), reason instanceof Error ? reason.message : String(reason));
    to('failed');
    return error;
  };
  const beginning = begin();
  beginning.catch(fail);

  const write = async (sink: Sink, bytes: Uint8Array): Promise<void> => {
    const { length } = bytes;
    await sink.write(bytes);
    bytesDone += length;
    changed('figures');
  };

  /** Since it was opened a new version may have been stored, or all deleted: who knows that reads it no more, though holders that were away still have it. */
  const freshen = async (task: Task): Promise<void> => {
    const kept = await task.race(records.local(recordKey));
    if (record !== undefined && kept !== undefined) record = joinRecords(record, kept);
    if (clock.now() - lookedMs > freshMs) await task.race(within(clock, freshenMs, lookUp()));
    requireThere();
  };

  /** The reading that gave the header, where that is still the version to read. */
  const newest = async (task: Task): Promise<Reading> => {
    const before = begun;
    begun = undefined;
    // Whoever asked for it may have been told to give up by now.
    if (before !== undefined) task.onEnd(() => before.close());
    const head = readable();
    if (before !== undefined && (head === undefined || equalBytes(before.head().descriptor.contentRoot, head.descriptor.contentRoot)))
      return before;
    before?.close();
    const reading = await open(task);
    ({ header } = reading);
    return reading;
  };

  /** Reads the wanted part, or the whole file, into the sink. */
  const download = async (task: Task, sink: Sink): Promise<void> => {
    await task.race(beginning);
    await freshen(task);
    to('downloading');
    bytesDone = 0;
    const reading = await task.race(newest(task));
    last = reading;
    const { version } = reading.head().descriptor;
    await task.race(floors.raise(recordKey, version));
    floor = Math.max(floor, version);
    await task.race(sink.begin(part?.length ?? reading.header.size));
    await reading.read(task, part, (bytes) => write(sink, bytes));
    await task.race(sink.close());
  };

  return {
    id,
    view: () =>
      receiveView(
        {
          ...{ id, record, header, bytesDone, part, error },
          state: starving.size > 0 ? 'waiting' : state,
          head: (last ?? begun)?.head() ?? readable(),
        },
        (node) => links.session(node) !== undefined || membership.peer(node)?.state === 'live',
        clock.now(),
      ),
    async download(sink, wanted) {
      try {
        if (run !== undefined) throw new ShoalError('busy', 'This file is being downloaded already.');
        if (wanted !== undefined && header !== undefined) requirePart(wanted, header.size);
      } catch (refused) {
        await sink.abort(refused instanceof ShoalError ? refused.message : String(refused));
        throw refused;
      }
      const task = createTask(cancelledWords);
      run = task;
      part = wanted;
      error = undefined;
      last = undefined;
      const release = life.onEnd(() => task.end());
      try {
        await download(task, sink);
        to('done');
      } catch (failure) {
        task.end();
        const told = fail(failure);
        await sink.abort(told.message);
        throw told;
      } finally {
        release();
        task.end();
        run = undefined;
      }
    },
    cancel() {
      run?.end();
    },
    close() {
      life.end();
      begun?.close();
    },
  };
}
