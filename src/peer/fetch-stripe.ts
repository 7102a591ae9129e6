import { toHex } from '../core/bytes/text.ts';
import { errorCode, ShoalError, type Verdict } from '../core/errors.ts';
import { leafBytes, leafCount } from '../core/merkle/tree.ts';
import { blockBytes, geometry, stripesPerSegment } from '../core/object/geometry.ts';
import { holdersOf, type RecordState } from '../core/record/record.ts';
import { kinds, readBody, readOk } from '../core/wire/kinds.ts';
import type { Call, Links, Session } from './links/exchange.ts';
import type { Clock, LeafRange, Log, Opener } from './ports.ts';
import type { Task } from './task.ts';

const readMs = 15_000;
const leavesPerBlock = blockBytes / leafBytes;

export interface FetchOptions {
  readonly clock: Clock;
  readonly links: Links;
  readonly log: Log;
  readonly opener: Opener;
  /** What is known now of the version that the opener opens: claims may come while a download runs. */
  readonly record: () => RecordState;
  readonly verdict: (verdict: Verdict) => void;
  /** Sources whose bytes were wrong, kept by the caller for the whole download: "node segment shard". */
  readonly bad: Set<string>;
  /** When it ends, every read under way is given up. */
  readonly task: Task;
}

/** Where one block can be read. */
interface Source {
  readonly shard: number;
  readonly session: Session;
}

/**
 * Fetches any k blocks of one stripe into the opener, data shards first, every leaf verified there before it is used (SPEC READ-2).
 * A source that fails is replaced by another; one that sent wrong bytes gets a verdict. Throws `not-enough-shards` when fewer than k
 * can be had from the peers linked now, `cancelled` when the task ends; what was fetched stays in the opener.
 */
export async function fetchStripe(options: FetchOptions, stripe: number): Promise<void> {
  const { descriptor } = options.record();
  const segment = Math.floor(stripe / stripesPerSegment);
  const failed = new Set<string>();
  const fetched = new Set<number>();
  const underWay = new Set<number>();

  /** The best source not tried yet of a shard that nobody is fetching. */
  const next = (): Source | undefined =>
    sources(options, segment).find(
      ({ shard, session }) => !fetched.has(shard) && !underWay.has(shard) && !failed.has(`${session.node} ${shard}`),
    );

  const fetch = async (source: Source): Promise<void> => {
    underWay.add(source.shard);
    const got = await fetchBlock(options, stripe, source);
    underWay.delete(source.shard);
    if (got) fetched.add(source.shard);
    else failed.add(`${source.session.node} ${source.shard}`);
  };

  // Round after round: as many reads as blocks are missing, all at once, until k are there or nothing is left to try.
  while (fetched.size < descriptor.k) {
    options.task.requireGoing();
    const started: Promise<void>[] = [];
    for (let source = next(); source !== undefined && fetched.size + underWay.size < descriptor.k; source = next())
      started.push(fetch(source));
    if (started.length === 0) break;
    await Promise.all(started);
  }
  if (fetched.size < descriptor.k) {
    throw new ShoalError('not-enough-shards', `${fetched.size} of ${descriptor.k} shards of a part of this file are online`);
  }
}

/** Everyone linked who claims a shard of the segment, data shards first. */
function sources({ clock, links, record, bad }: FetchOptions, segment: number): Source[] {
  const shards = holdersOf(record(), clock.now())[segment] ?? [];
  return shards.flatMap((nodes, shard) =>
    nodes
      .filter((node) => !bad.has(`${node} ${segment} ${shard}`))
      .map((node) => links.session(node))
      .filter((session) => session !== undefined)
      .map((session) => ({ shard, session })),
  );
}

/** Reads one block and hands it to the opener. False when its holder failed, or sent bytes that did not verify. */
async function fetchBlock(options: FetchOptions, stripe: number, { shard, session }: Source): Promise<boolean> {
  const { record, opener, verdict, bad, log } = options;
  const { descriptor } = record();
  const segment = Math.floor(stripe / stripesPerSegment);
  // Whatever the holder answers, also an error that is made up, is its own failure and ends nothing but this read.
  const leaves = await readBlock(options, stripe, { shard, session }).catch((error: unknown) => {
    log('info', 'read failed', { code: errorCode(error), segment, shard });
    return 'failed' as const;
  });
  if (leaves === 'failed') return false;
  if (leaves !== 'wrong' && (await opener.add(leaves))) return true;
  bad.add(`${session.node} ${segment} ${shard}`);
  verdict({
    node: session.node,
    reason: 'bad-leaf',
    detail: `sent wrong bytes for shard ${shard} of segment ${segment} of ${toHex(descriptor.contentRoot).slice(0, 16)}`,
  });
  return false;
}

/** Asks a holder for one block. `wrong` when more or fewer bytes came than it has. */
async function readBlock({ record, task }: FetchOptions, stripe: number, { shard, session }: Source): Promise<LeafRange | 'wrong'> {
  const { descriptor } = record();
  const segment = Math.floor(stripe / stripesPerSegment);
  const length = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength).blockLength(stripe);
  const first = (stripe % stripesPerSegment) * leavesPerBlock;
  const body = readBody.write({ contentRoot: descriptor.contentRoot, segment, shard, first, count: leafCount(length) });
  const call = session.call(kinds.read, body, { deadlineMs: readMs });
  const release = task.onEnd(() => call.cancel());
  try {
    const bytes = await receiveExactly(call, length);
    if (bytes === undefined) return 'wrong';
    const { proof } = readOk.read(await call.result);
    return { segment, shard, first, bytes, proof };
  } finally {
    release();
  }
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
