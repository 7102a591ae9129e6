import type { Capability } from '../core/crypto/capability.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { toHex } from '../core/bytes/text.ts';
import { errorCode, ShoalError, type Verdict } from '../core/errors.ts';
import { geometry } from '../core/object/geometry.ts';
import { holdersOf, joinRecords, type RecordState } from '../core/record/record.ts';
import type { Changes } from './changes.ts';
import { type FetchOptions, fetchStripe } from './fetch-stripe.ts';
import type { Links } from './links/exchange.ts';
import type { Clock, Codec, Log, Opener, PlainHeader, Sink } from './ports.ts';
import type { Records } from './records.ts';
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

/** What stands between a link and its file, in words. */
const sentences: Readonly<Record<ReceiveState, string>> = {
  looking: 'Looking for this file. Nobody online has announced it yet',
  waiting: 'Found, waiting for peers that hold its shards',
  ready: 'Ready to download',
  downloading: 'Downloading, every byte is verified',
  done: 'Downloaded and verified',
  failed: 'Failed',
};

/** Id of the receive of a capability: the first 16 hex digits of its record key. */
export function receiveIdOf({ objectKey }: { readonly objectKey: Uint8Array }): string {
  return toHex(recordKeyOf(objectKey)).slice(0, 16);
}

export function startReceive(options: ReceiveOptions): Receive {
  const { clock, links, records, codec, changes, capability, changed } = options;
  const id = receiveIdOf(capability);
  const bad = new Set<string>();
  let state: ReceiveState = 'looking';
  let record: RecordState | undefined;
  let header: PlainHeader | undefined;
  let bytesDone = 0;
  let error: ShoalError | undefined;
  let closed = false;
  /** The running download; a new one for each. */
  let run = { cancelled: false };
  /** The opener that read the header, and the file bytes of its first stripe: the first download goes on from there. */
  let begun: { readonly opener: Opener; readonly bytes: Uint8Array } | undefined;

  const to = (next: ReceiveState): void => {
    state = next;
    changed();
  };
  const requireGoing = (): void => {
    if (closed || run.cancelled) throw new ShoalError('cancelled', 'The download was cancelled.');
  };
  const somethingNew = async (): Promise<void> => {
    await Promise.race([changes.next(), new Promise<void>((resolve) => clock.timer(retryMs, resolve))]);
    requireGoing();
  };

  const lookUp = (): Promise<void> =>
    records.lookUp(capability.objectKey, (found) => {
      record = record === undefined ? found : joinRecords(record, found);
      changed();
    });

  const known = (): RecordState => {
    if (record === undefined) throw new ShoalError('not-found', 'Nobody online has announced this file.');
    return record;
  };

  /** Fetches a stripe, for as long as it takes: peers may still come. */
  const fetchPatiently = async (fetch: FetchOptions, stripe: number, meanwhile: ReceiveState): Promise<void> => {
    for (;;) {
      requireGoing();
      try {
        await fetchStripe(fetch, stripe);
        return to(meanwhile);
      } catch (failure) {
        if (errorCode(failure) !== 'not-enough-shards') throw failure;
        to('waiting');
        await somethingNew();
        await lookUp();
      }
    }
  };

  const fetchOptions = (opener: Opener): FetchOptions => ({ ...options, opener, record: known, bad });

  const open = (): Promise<Opener> => codec.open({ descriptor: known().signedDescriptor, readKey: capability.readKey });

  /** Finds the record and reads the first stripe, for the name and the size. */
  const begin = async (): Promise<void> => {
    await lookUp();
    while (record === undefined) {
      await somethingNew();
      await lookUp();
    }
    const opener = await open();
    await fetchPatiently(fetchOptions(opener), 0, 'looking');
    const bytes = await opener.next();
    header = await opener.header();
    begun = { opener, bytes };
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

  /** Stripes from `first`, fetched a few ahead, opened in order, written to the sink. */
  const stream = async (opener: Opener, first: number, sink: Sink): Promise<void> => {
    const { descriptor } = known();
    const { stripes } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
    const fetch = fetchOptions(opener);
    const ahead: Promise<void>[] = [];
    let asked = first;
    for (let stripe = first; stripe < stripes; stripe++) {
      while (asked < stripes && asked < stripe + stripesAheadMax) {
        const fetched = fetchPatiently(fetch, asked++, 'downloading');
        fetched.catch(() => {});
        ahead.push(fetched);
      }
      await ahead.shift();
      requireGoing();
      await write(await opener.next(), sink);
    }
  };

  const write = async (bytes: Uint8Array, sink: Sink): Promise<void> => {
    if (bytes.length === 0) return;
    const { length } = bytes;
    await sink.write(bytes);
    bytesDone += length;
    changed();
  };

  return {
    id,
    view: () => ({ id, ...view() }),
    async download(sink) {
      run = { cancelled: false };
      error = undefined;
      try {
        await beginning;
        requireGoing();
        to('downloading');
        bytesDone = 0;
        const start = begun;
        begun = undefined;
        const opener = start?.opener ?? (await open());
        try {
          if (start !== undefined) await write(start.bytes, sink);
          await stream(opener, start === undefined ? 0 : 1, sink);
        } finally {
          opener.close();
        }
        await sink.close();
        to('done');
      } catch (failure) {
        const told = fail(failure);
        await sink.abort(told.message);
        throw told;
      }
    },
    cancel() {
      run.cancelled = true;
      changes.notify();
    },
    close() {
      closed = true;
      begun?.opener.close();
      changes.notify();
    },
  };

  function view(): Omit<ReceiveView, 'id'> {
    const found = record === undefined ? [] : holdersOf(record, clock.now());
    const online = found.map((segment) => segment.filter((nodes) => nodes.some((node) => links.session(node) !== undefined)).length);
    const shardsFound = online.length === 0 ? 0 : Math.min(...online);
    const k = record?.descriptor.k ?? 0;
    const missing = Math.max(0, k - shardsFound);
    const sentence =
      state === 'failed' && error !== undefined
        ? error.message
        : state === 'waiting' && missing > 0
          ? `${shardsFound} of ${k} shards found, waiting for ${missing} more`
          : sentences[state];
    return {
      state,
      shardsFound,
      k,
      n: k + (record?.descriptor.m ?? 0),
      bytesDone,
      sentence,
      ...(header === undefined ? {} : { name: header.name, size: header.size, media: header.media }),
      ...(error === undefined ? {} : { error: error.code }),
    };
  }
}
