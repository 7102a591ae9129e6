import type { Capability } from '../core/crypto/capability.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { errorCode, ShoalError, type Verdict } from '../core/errors.ts';
import { geometry } from '../core/object/geometry.ts';
import { joinRecords, type RecordState } from '../core/record/record.ts';
import type { Changes } from './changes.ts';
import { fetchStripe } from './fetch-stripe.ts';
import type { Links } from './links/exchange.ts';
import type { Clock, Codec, Log, Opener, PlainHeader, Sink } from './ports.ts';
import type { Records } from './records.ts';
import { createTask, type Task } from './task.ts';
import { receiveView } from './receive-view.ts';
import type { ReceiveState, ReceiveView } from './snapshot.ts';

/** Stripes fetched ahead of the one being opened. */
const stripesAheadMax = 3;
/** While something is missing it is looked for again at each change of the swarm, and this often. */
const retryMs = 3_000;

export interface ReceiveOptions {
  readonly clock: Clock;
  readonly links: Links;
  readonly records: Records;
  readonly codec: Codec;
  readonly log: Log;
  readonly changes: Changes;
  readonly capability: Extract<Capability, { right: 'read' }>;
  readonly verdict: (verdict: Verdict) => void;
  /** The view changed. */
  readonly changed: () => void;
}

/** One opened link, from the first look-up to the verified file. */
export interface Receive {
  readonly id: string;
  view(): ReceiveView;
  /** Hands the verified file to the sink; resolves when all of it was. Throws what went wrong, after telling the sink. */
  download(sink: Sink): Promise<void>;
  /** Gives the running download up; it can be begun again. */
  cancel(): void;
  /** Ends everything: nobody looks at this receive any more. */
  close(): void;
}

/** Id of the receive of a capability: the first 16 hex digits of its record key. */
export function receiveIdOf({ objectKey }: { readonly objectKey: Uint8Array }): string {
  return toHex(recordKeyOf(objectKey)).slice(0, 16);
}

/** One version of the object being read. */
interface Reading {
  readonly opener: Opener;
  /** What is known of this version: a newer one that turns up meanwhile has other shards. */
  readonly record: () => RecordState;
}

const cancelledWords = 'The download was cancelled.';

export function startReceive(options: ReceiveOptions): Receive {
  const { clock, links, records, codec, changes, capability, changed } = options;
  const id = receiveIdOf(capability);
  const bad = new Set<string>();
  const life = createTask(cancelledWords);
  let state: ReceiveState = 'looking';
  let record: RecordState | undefined;
  let header: PlainHeader | undefined;
  let bytesDone = 0;
  let error: ShoalError | undefined;
  let looking: Promise<void> | undefined;
  /** The running download. */
  let run: Task | undefined;
  /** The reading that gave the header, and the file bytes of its first stripe: the first download goes on from there. */
  let begun: (Reading & { readonly bytes: Uint8Array }) | undefined;

  const to = (next: ReceiveState): void => {
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
      });
    return looking;
  };

  /** Waits for a change of the swarm, not for long, and looks again. */
  const lookAgain = async (task: Task): Promise<void> => {
    await task.race(changes.next(retryMs));
    await task.race(lookUp());
  };

  const known = (): RecordState => {
    if (record === undefined) throw new ShoalError('not-found', 'Nobody online has announced this file.');
    return record;
  };

  const open = async (): Promise<Reading> => {
    let pinned = known();
    const opener = await codec.open({ descriptor: pinned.signedDescriptor, readKey: capability.readKey });
    return {
      opener,
      record() {
        const now = known();
        if (equalBytes(now.descriptor.contentRoot, pinned.descriptor.contentRoot)) pinned = now;
        return pinned;
      },
    };
  };

  /** Fetches a stripe, for as long as it takes: peers may still come. */
  const fetchPatiently = async (task: Task, reading: Reading, stripe: number, meanwhile: ReceiveState): Promise<void> => {
    for (;;) {
      try {
        await task.race(fetchStripe({ ...options, ...reading, bad, task }, stripe));
        return to(meanwhile);
      } catch (failure) {
        task.requireGoing();
        if (errorCode(failure) !== 'not-enough-shards') throw failure;
        to('waiting');
        await lookAgain(task);
      }
    }
  };

  /** Finds the record and reads the first stripe, for the name and the size. */
  const begin = async (): Promise<void> => {
    await life.race(lookUp());
    while (record === undefined) await lookAgain(life);
    const reading = await open();
    try {
      await fetchPatiently(life, reading, 0, 'looking');
      const bytes = await reading.opener.next();
      header = await reading.opener.header();
      life.requireGoing();
      begun = { ...reading, bytes };
      error = undefined;
      to('ready');
    } catch (failure) {
      reading.opener.close();
      throw failure;
    }
  };

  const fail = (reason: unknown): ShoalError => {
    error =
      reason instanceof ShoalError ? reason : new ShoalError(errorCode(reason), reason instanceof Error ? reason.message : String(reason));
    to('failed');
    return error;
  };
  const beginning = begin();
  beginning.catch(fail);

  /** Stripes from `first`, fetched a few ahead, opened in order, written to the sink. */
  const stream = async (task: Task, reading: Reading, first: number, sink: Sink): Promise<void> => {
    const { descriptor } = reading.record();
    const { stripes } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
    const ahead: Promise<void>[] = [];
    let asked = first;
    for (let stripe = first; stripe < stripes; stripe++) {
      while (asked < stripes && asked < stripe + stripesAheadMax) {
        const fetched = fetchPatiently(task, reading, asked++, 'downloading');
        fetched.catch(() => {});
        ahead.push(fetched);
      }
      await ahead.shift();
      await write(task, await reading.opener.next(), sink);
    }
  };

  const write = async (task: Task, bytes: Uint8Array, sink: Sink): Promise<void> => {
    if (bytes.length === 0) return;
    const { length } = bytes;
    await task.race(sink.write(bytes));
    bytesDone += length;
    changed();
  };

  /** Reads the whole object into the sink. */
  const download = async (task: Task, sink: Sink): Promise<void> => {
    await task.race(beginning);
    to('downloading');
    bytesDone = 0;
    const start = begun;
    begun = undefined;
    const reading = start ?? (await open());
    task.onEnd(() => reading.opener.close());
    if (start !== undefined) await write(task, start.bytes, sink);
    await stream(task, reading, start === undefined ? 0 : 1, sink);
    await sink.close();
  };

  return {
    id,
    view: () => receiveView({ id, state, record, header, bytesDone, error }, (node) => links.session(node) !== undefined, clock.now()),
    async download(sink) {
      if (run !== undefined) {
        const busy = new ShoalError('busy', 'This file is being downloaded already.');
        await sink.abort(busy.message);
        throw busy;
      }
      const task = createTask(cancelledWords);
      run = task;
      error = undefined;
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
      begun?.opener.close();
    },
  };
}
