import { toHex } from '../core/bytes/text.ts';
import { errorCode } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { type Candidate, placeShards } from '../core/placement/place.ts';
import { type RecordState, recordOf, joinRecords, type SignedClaim } from '../core/record/record.ts';
import type { Authority } from './authority.ts';
import type { Changes } from './changes.ts';
import type { Links, Session } from './links/exchange.ts';
import type { Clock, Crypto, Log, Sealer, Signer } from './ports.ts';
import type { Records } from './records.ts';
import { openStoreStream, type StoreStream } from './store-stream.ts';
import type { Task } from './task.ts';
import type { Turn } from './turns.ts';

/** Stripes under way to holders at once, besides the one being sealed. */
const stripesAheadMax = 2;
/** After a round that placed nothing, the next one waits for a change of the swarm, or this long. */
const retryMs = 5_000;

export interface UploadOptions {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly records: Records;
  readonly authority: Authority;
  readonly log: Log;
  /** Changes of the swarm: peers that come, go or say how much they lend. */
  readonly changes: Changes;
  /** Peers that lend storage now, the owner's own left out. */
  readonly candidates: () => readonly Candidate[];
  readonly sealer: Sealer;
  readonly owner: Signer;
  readonly descriptor: Descriptor;
  readonly signedDescriptor: Uint8Array;
  readonly events: UploadEvents;
  /** Rests while nobody can take what is left. */
  readonly turn: Turn;
  /** Ends with the upload, for whatever reason: then every stream still open is cancelled and its holder's room free again. */
  readonly task: Task;
}

export interface UploadEvents {
  /** Bytes of shards that holders reported as durable, of one shard. */
  durable(segment: number, shard: number, bytes: number): void;
  /** The record with every claim so far. */
  claimed(record: RecordState): void;
  /** `waiting`: nobody can take what is left. `queued`: somebody can, and others have their turn first. */
  state(state: 'spreading' | 'waiting' | 'queued'): void;
}

/**
 * Second pass of an upload: seals segment after segment again and streams each shard to its holder. What a holder fails to take is
 * sealed again for another one at the end of the segment; while nobody can take it the upload waits, and never reports success.
 *
 * Resolves when every shard is claimed and the record is at its keepers. Throws `cancelled`, `integrity` (the file changed).
 */
export async function upload(options: UploadOptions): Promise<void> {
  const { links, records, log, changes, sealer, descriptor, signedDescriptor, events, task, turn } = options;
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

  /** One try to place the missing shards of a segment. Gives who took what, and who could not. */
  const round = async (segment: number, holders: ReadonlyMap<number, string>) => {
    const opened = (await Promise.all([...holders].map(([shard, node]) => open(segment, shard, node)))).filter(
      (each) => each !== undefined,
    );
    task.requireGoing();
    await sendStripes(segment, opened);
    const results = await Promise.all(opened.map(async (stream) => ({ stream, claim: await finish(stream) })));
    task.requireGoing();
    const claims = results.map(({ claim }) => claim).filter((claim) => claim !== undefined);
    if (claims.length > 0) {
      record = joinRecords(record, recordOf(signedDescriptor, descriptor, claims));
      events.claimed(record);
    }
    const taken = new Map(results.filter(({ claim }) => claim !== undefined).map(({ stream }) => [stream.place.shard, stream.node]));
    return { taken, refused: [...holders].filter(([shard]) => !taken.has(shard)).map(([, node]) => node) };
  };

  /** Nobody can take what is left: smaller files go on meanwhile. */
  const rest = async (): Promise<void> => {
    events.state('waiting');
    turn.rest();
    await task.race(changes.next(retryMs));
  };

  const storeSegment = async (segment: number): Promise<void> => {
    const placed = new Map<number, string>();
    let failed = new Set<string>();
    for (;;) {
      const missing = Array.from({ length: shape.n }, (_, shard) => shard).filter((shard) => !placed.has(shard));
      if (missing.length === 0) return;
      const length = shape.shardLength(segment);
      const able = options.candidates().filter(({ node, weight }) => weight >= length && !failed.has(node));
      const holders = placeShards({ contentRoot, segment, shards: missing, candidates: able, domainMax, placed });
      if (holders.size === 0) {
        await rest();
        failed = new Set();
        continue;
      }
      if (turn.resting) {
        events.state('queued');
        await turn.again();
        // Who could take it may have been given other shards meanwhile.
        continue;
      }
      events.state('spreading');
      const { taken, refused } = await task.race(round(segment, holders));
      for (const [shard, node] of taken) placed.set(shard, node);
      failed = new Set([...failed, ...refused]);
    }
  };

  /** The record at its keepers: of a file that only its owner can find nobody should hear that it is stored. */
  const announceSurely = async (): Promise<void> => {
    while ((await task.race(records.announce(record))) === 0) await rest();
  };

  // No keeper hears of the file before it has a claim: an upload that comes to nothing leaves no record behind. Until then its owner tells.
  for (let segment = 0; segment < shape.segments; segment++) {
    await storeSegment(segment);
    if (segment + 1 < shape.segments) await task.race(records.announce(record));
  }
  await announceSurely();
}
