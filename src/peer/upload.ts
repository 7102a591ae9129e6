import { toHex } from '../core/bytes/text.ts';
import { errorCode } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { type Candidate, placeShards } from '../core/placement/place.ts';
import type { SignedClaim } from '../core/record/claim.ts';
import { type RecordState, recordOf, joinRecords } from '../core/record/record.ts';
import type { Authority } from './authority.ts';
import type { Changes } from './changes.ts';
import type { Links, Session } from './links/exchange.ts';
import type { Clock, Crypto, Log, Sealer, Signer } from './ports.ts';
import { openStoreStream, type StoreStream } from './store-stream.ts';
import type { Task } from './task.ts';
import type { Turn } from './turns.ts';

/** Stripes under way to holders at once, besides the one being sealed. */
const stripesAheadMax = 2;
/** After a round that placed nothing, or was heard by nobody, the next one waits for a change of the swarm, or this long. */
export const retryMs = 5_000;

export interface UploadOptions {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly authority: Authority;
  readonly log: Log;
  /** Changes of the swarm: peers that come, go or say how much they lend. */
  readonly changes: Changes;
  /** Peers that lend storage now, the owner's own left out. */
  readonly candidates: () => readonly Candidate[];
  readonly sealer: Sealer;
  readonly owner: Signer;
  readonly descriptor: Descriptor;
  /** Under it the holders take it: signed as a version, or as a draft. */
  readonly signedDescriptor: Uint8Array;
  /** Tells the keepers what is claimed so far; of a draft nobody hears (SPEC VER-6). */
  readonly announce?: ((record: RecordState) => Promise<unknown>) | undefined;
  readonly events: UploadEvents;
  /** Rests while nobody can take what is left. */
  readonly turn: Turn;
  /** Ends with the upload, for whatever reason: then every stream still open is cancelled and its holder's room free again. */
  readonly task: Task;
}

export interface UploadEvents {
  /** Bytes of shards that holders reported as durable, of one shard. */
  durable(segment: number, shard: number, bytes: number): void;
  /** This node is about to have a whole shard: it may hold it, whatever becomes of its answer. Nothing ends there before this resolves. */
  handing(node: string): Promise<void>;
  /** The record with every claim so far. */
  claimed(record: RecordState): void;
  /** `waiting`: nobody can take what is left. `queued`: somebody can, and others have their turn first. */
  state(state: 'spreading' | 'waiting' | 'queued'): void;
}

/** A segment on its way. */
interface Segment {
  readonly segment: number;
  /** Who has claimed which shard. */
  readonly placed: Map<number, string>;
  /** Who failed to take one; asked again after a rest. */
  readonly failed: Set<string>;
}

/** Shards of a segment that were sent to these holders, and what came of each. */
interface Flight {
  readonly holders: ReadonlyMap<number, string>;
  readonly results: Promise<readonly { readonly stream: StoreStream; readonly claim: SignedClaim | undefined }[]>;
}

/**
 * Second pass of an upload: seals segment after segment again and streams each shard to its holder, the next one while the claims of
 * the one before come. What a holder fails to take is sealed again for another one; while nobody can take it the upload waits, and
 * never reports success.
 *
 * Resolves with every claim, as a record, when every shard is claimed. Throws `cancelled`, `integrity` (the file changed).
 */
export async function upload(options: UploadOptions): Promise<RecordState> {
  const { links, log, changes, sealer, descriptor, signedDescriptor, events, task, turn } = options;
  const contentRoot = toHex(descriptor.contentRoot);
  const shape = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const domainMax = Math.max(1, descriptor.policy.domainMax);
  /** Links over which the descriptor went. */
  const described = new WeakSet<Session>();
  /** Blocks that were handed over to holders. */
  const spare: Uint8Array[] = [];
  let record = recordOf(signedDescriptor, descriptor, []);

  const open = async (segment: number, shard: number, node: string): Promise<StoreStream | undefined> => {
    const session = links.session(node);
    if (session === undefined) return undefined;
    const first = !described.has(session);
    described.add(session);
    return openStoreStream({
      ...options,
      session,
      signedDescriptor: first ? signedDescriptor : undefined,
      place: { contentRoot, segment, shard },
      durable: (bytes) => events.durable(segment, shard, bytes),
    });
  };

  /** Seals the stripes of a segment and sends each open stream its blocks, at most a few stripes ahead of the slowest. */
  const sendStripes = async (segment: number, open: readonly StoreStream[]): Promise<void> => {
    const first = segment * shape.segmentStripes(0);
    const ahead: Promise<unknown>[] = [];
    for (let stripe = first; stripe < first + shape.segmentStripes(segment); stripe++) {
      const live = open.filter((stream) => stream.failure() === undefined);
      if (live.length === 0) return;
      const blocks = await sealer.stripe(
        stripe,
        live.map(({ place }) => place.shard),
        spare.splice(0),
      );
      while (ahead.length >= stripesAheadMax) await ahead.shift();
      const hand = async (stream: StoreStream, block: Uint8Array): Promise<void> => {
        await stream.send(block);
        spare.push(block);
      };
      ahead.push(Promise.all(live.map((stream, i) => hand(stream, blocks[i]!))));
    }
    await Promise.all(ahead);
  };

  const finish = async (stream: StoreStream): Promise<SignedClaim | undefined> => {
    const { segment, shard } = stream.place;
    try {
      if (stream.failure() === undefined) await events.handing(stream.node);
      const claim = await stream.finish();
      // Also where the holder had the shard already, and took nothing.
      events.durable(segment, shard, shape.shardLength(segment));
      return claim;
    } catch (error) {
      log('info', 'shard not stored', { code: errorCode(error), segment, shard });
      events.durable(segment, shard, 0);
      // The holder may have refused before it read the descriptor, or have forgotten it.
      described.delete(stream.session);
      return undefined;
    }
  };

  /** One try to place missing shards of a segment. Resolves when their bytes were handed over; the holders' answers come later. */
  const fly = async (segment: number, holders: ReadonlyMap<number, string>): Promise<Flight> => {
    const opened = (await Promise.all([...holders].map(([shard, node]) => open(segment, shard, node)))).filter(
      (each) => each !== undefined,
    );
    task.requireGoing();
    await sendStripes(segment, opened);
    return { holders, results: Promise.all(opened.map(async (stream) => ({ stream, claim: await finish(stream) }))) };
  };

  /** Waits for the answers, and notes who took what and who could not. */
  const land = async ({ holders, results }: Flight, { placed, failed }: Segment): Promise<void> => {
    const answers = await task.race(results);
    const claims = answers.map(({ claim }) => claim).filter((claim) => claim !== undefined);
    if (claims.length > 0) {
      record = joinRecords(record, recordOf(signedDescriptor, descriptor, claims));
      events.claimed(record);
    }
    const taken = new Map(answers.filter(({ claim }) => claim !== undefined).map(({ stream }) => [stream.place.shard, stream.node]));
    for (const [shard, node] of holders) {
      if (taken.has(shard)) placed.set(shard, node);
      else failed.add(node);
    }
  };

  /** Nobody can take what is left: smaller files go on meanwhile. */
  const rest = async (): Promise<void> => {
    events.state('waiting');
    turn.rest();
    await task.race(changes.next(retryMs));
  };

  /** A try for what is missing of a segment, as soon as somebody can take it; undefined when nothing is. */
  const launch = async ({ segment, placed, failed }: Segment): Promise<Flight | undefined> => {
    for (;;) {
      const missing = Array.from({ length: shape.n }, (_, shard) => shard).filter((shard) => !placed.has(shard));
      if (missing.length === 0) return undefined;
      const length = shape.shardLength(segment);
      const able = options.candidates().filter(({ node, weight }) => weight >= length && !failed.has(node));
      const holders = placeShards({ contentRoot, segment, shards: missing, candidates: able, domainMax, placed });
      if (holders.size === 0) {
        await settle();
        await rest();
        failed.clear();
        continue;
      }
      if (turn.resting) {
        events.state('queued');
        await turn.again();
        // Who could take it may have been given other shards meanwhile.
        continue;
      }
      events.state('spreading');
      return task.race(fly(segment, holders));
    }
  };

  /** Waits until every shard of a segment is claimed, with as many tries as it takes. */
  const complete = async (segment: Segment, first: Flight | undefined): Promise<void> => {
    for (let flight = first; flight !== undefined; flight = await launch(segment)) await land(flight, segment);
    // No keeper hears of the file before it has a claim: an upload that comes to nothing leaves no record behind. Until then its owner tells.
    if (segment.segment + 1 < shape.segments && options.announce !== undefined) await task.race(options.announce(record));
  };

  /** The segment whose bytes were handed over last: while its claims come, the next one is sent. */
  let behind: { readonly segment: Segment; readonly flight: Flight | undefined } | undefined;
  const settle = async (): Promise<void> => {
    const before = behind;
    behind = undefined;
    if (before !== undefined) await complete(before.segment, before.flight);
  };

  for (let index = 0; index < shape.segments; index++) {
    const segment: Segment = { segment: index, placed: new Map(), failed: new Set() };
    const flight = await launch(segment);
    await settle();
    behind = { segment, flight };
  }
  await settle();
  return record;
}
