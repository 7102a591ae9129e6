import { toHex } from '../core/bytes/text.ts';
import { errorCode, type Verdict } from '../core/errors.ts';
import type { BandPlace } from '../core/object/bands.ts';
import { kinds, readBody, readOk } from '../core/wire/kinds.ts';
import type { Call, Session } from './links/exchange.ts';
import type { LeafRange, Log, Opener } from './ports.ts';

/** A holder has this long to answer. */
export const readMs = 15_000;

/** One read of a holder: the leaves of one shard. */
export interface LeafRead {
  readonly session: Session;
  readonly contentRoot: Uint8Array;
  readonly shard: number;
  readonly place: BandPlace;
  readonly opener: Pick<Opener, 'add'>;
  readonly log: Log;
  /** Told of wrong bytes. */
  readonly verdict: (verdict: Verdict) => void;
  /** Told why the holder did not give them. */
  readonly failed?: (error: unknown) => void;
}

/** `failed`: the holder did not give them. `wrong`: it gave other bytes, which is its own doing. */
export type ReadOutcome = 'got' | 'failed' | 'wrong';

/** A read under way. */
export interface RunningRead {
  /** Rejects only when the opener does: whatever the holder answers, also an error that is made up, ends nothing but this read. */
  readonly outcome: Promise<ReadOutcome>;
  /** Ends it at once, as `failed`. */
  cancel(): void;
}

/** Asks a holder for leaves and hands them to the opener, which verifies each (SPEC READ-2, READ-7). */
export function fetchLeaves(read: LeafRead): RunningRead {
  const { session, contentRoot, shard, place, log } = read;
  const { segment, first, count } = place;
  const call = session.call(kinds.read, readBody.write({ contentRoot, segment, shard, first, count }), { deadlineMs: readMs });
  const leaves = answerOf(call, read).catch((error: unknown) => {
    log('info', 'read failed', { code: errorCode(error), segment, shard });
    read.failed?.(error);
    return 'failed' as const;
  });
  return { outcome: leaves.then((given) => judged(given, read)), cancel: () => call.cancel() };
}

async function judged(given: LeafRange | 'failed' | 'wrong', { opener, session, contentRoot, shard, place, verdict }: LeafRead) {
  if (given === 'failed') return 'failed';
  if (given !== 'wrong' && (await opener.add(given))) return 'got';
  verdict({
    node: session.node,
    reason: 'bad-leaf',
    detail: `sent wrong bytes for shard ${shard} of segment ${place.segment} of ${toHex(contentRoot).slice(0, 16)}`,
  });
  return 'wrong';
}

/** The leaves that a holder answers with; `wrong` when more or fewer bytes came than they have. */
async function answerOf(call: Call, { shard, place: { segment, first, length } }: LeafRead): Promise<LeafRange | 'wrong'> {
  const bytes = await receiveExactly(call, length);
  if (bytes === undefined) return 'wrong';
  const { proof } = readOk.read(await call.result);
  return { segment, shard, first, bytes, proof };
}

/** The bytes of a call's stream when there are `length` of them, else undefined. */
async function receiveExactly(call: Call, length: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (let part = await call.receive(); part !== undefined; part = await call.receive()) {
    if (filled + part.length > length) {
      call.cancel();
      return undefined;
    }
    bytes.set(part, filled);
    filled += part.length;
  }
  return filled === length ? bytes : undefined;
}
