import { concatBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { leafBytes, leafCount } from '../core/merkle/tree.ts';
import { verifyProof } from '../core/merkle/proof.ts';
import { type Descriptor, shardRoot } from '../core/object/descriptor.ts';
import { blockBytes, type Geometry, geometry } from '../core/object/geometry.ts';
import { holdersOf, readableHead } from '../core/record/view.ts';
import { type ExamineParts, findRecord, standingOf } from './examine.ts';
import { fetchLeaves, type ReadOutcome } from './fetch-leaves.ts';
import type { Session } from './links/exchange.ts';
import type { PeerParts } from './peer.ts';
import type { LeafRange, Opener } from './ports.ts';
import type { Task } from './task.ts';

/** Shards read at once, from whomever. */
const readsMax = 8;
/** Reads of one block that are tried again, where the holder only was too busy or too late. */
const triesMax = 3;

/**
 * `ok`: every leaf is the signed one. `wrong`: the holder gave other bytes. `missing`: it says that it does not hold the shard that it
 * claimed. `unreachable`: it is not here, or did not give it in time. `unclaimed`: nobody says that it holds the shard.
 */
export type ShardOutcome = 'ok' | 'wrong' | 'missing' | 'unreachable' | 'unclaimed';

export interface ShardResult {
  readonly segment: number;
  readonly shard: number;
  /** NodeId of the holder that claims it; absent where nobody does. */
  readonly node?: string;
  readonly outcome: ShardOutcome;
}

export interface VerifyProgress {
  /** Shards judged, and all there are, each holder's for itself. */
  readonly shardsDone: number;
  readonly shards: number;
  /** Bytes read and verified, and how many there are if everybody gives theirs. */
  readonly bytesDone: number;
  readonly bytes: number;
}

export type VerifyParts = ExamineParts & Pick<PeerParts, 'crypto' | 'log' | 'shards' | 'verdict'>;

interface Claimed {
  readonly segment: number;
  readonly shard: number;
  readonly node: string;
}

/**
 * Reads every claimed shard of an object from every holder, in full, and checks each leaf against the signed roots: no key is needed, and
 * nothing is read of what it says (SPEC EXAM-2). Wrong bytes are a verdict, as in a download. By segment, then shard; those that nobody
 * claims are told too.
 *
 * Throws `not-found` when nobody online has announced the object, `cancelled` with the task.
 */
export async function verifyObject(
  parts: VerifyParts,
  objectKey: Uint8Array,
  task: Task,
  told: (progress: VerifyProgress) => void,
): Promise<readonly ShardResult[]> {
  const record = await findRecord(parts, objectKey, task);
  const head = record && readableHead(record, parts.clock.now());
  if (head === undefined)
    throw new ShoalError('not-found', 'Nobody in this swarm announced this object: check the link, or try again later.');
  const { descriptor } = head;
  const shape = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const claimed = holdersOf(head, parts.clock.now()).flatMap((shards, segment) =>
    shards.flatMap((nodes, shard) => (nodes.length === 0 ? [undefined] : nodes).map((node) => ({ segment, shard, node }))),
  );
  const results: (ShardResult | undefined)[] = claimed.map(() => undefined);
  const bytes = claimed.reduce((sum, { segment, node }) => sum + (node === undefined ? 0 : shape.shardLength(segment)), 0);
  let bytesDone = 0;
  let shardsDone = 0;
  const tell = (): void => told({ shardsDone, shards: claimed.length, bytesDone, bytes });
  const standing = standingOf(parts);
  const read = createShardReader(parts, descriptor, shape, task, (count) => {
    bytesDone += count;
    tell();
  });

  const left = [...claimed.keys()].reverse();
  const work = async (): Promise<void> => {
    for (let index = left.pop(); index !== undefined; index = left.pop()) {
      const { node, ...place } = claimed[index]!;
      if (node === undefined) results[index] = { ...place, outcome: 'unclaimed' };
      else {
        const outcome = standing(node).state === 'live' ? await task.race(read({ ...place, node })) : 'unreachable';
        results[index] = { ...place, node, outcome };
      }
      shardsDone++;
      tell();
    }
  };
  tell();
  await Promise.all(Array.from({ length: readsMax }, work));
  return results.filter((result) => result !== undefined);
}

/** Reads one claimed shard to its end and judges it. */
function createShardReader(
  parts: VerifyParts,
  descriptor: Descriptor,
  shape: Geometry,
  task: Task,
  verified: (bytes: number) => void,
): (claimed: Claimed) => Promise<ShardOutcome> {
  const { crypto, links, shards, log, verdict } = parts;
  const contentRoot = toHex(descriptor.contentRoot);
  const leavesAtOnce = blockBytes / leafBytes;

  const entriesOf = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const leaves = Array.from({ length: leafCount(bytes.length) }, (_, i) => bytes.subarray(i * leafBytes, (i + 1) * leafBytes));
    return concatBytes(...(await Promise.all(leaves.map((leaf) => crypto.sha256(leaf)))));
  };
  /** In the place of an opener: whether leaves are the signed ones, and nothing is kept of them. */
  const judge: Pick<Opener, 'add'> = {
    async add({ segment, shard, first, bytes, proof }: LeafRange) {
      return verifyProof(shardRoot(descriptor, segment, shard), shape.leaves(segment), first, await entriesOf(bytes), proof);
    },
  };

  /** What this peer holds itself needs no link. */
  const readHere = async ({ segment, shard }: Claimed): Promise<ShardOutcome> => {
    const place = { contentRoot, segment, shard };
    const length = shape.shardLength(segment);
    const entries: Uint8Array[] = [];
    for (let offset = 0; offset < length; offset += blockBytes) {
      task.requireGoing();
      const bytes = await shards.read(place, offset, Math.min(blockBytes, length - offset));
      if (bytes === undefined) return 'missing';
      entries.push(await entriesOf(bytes));
      verified(bytes.length);
    }
    const whole = concatBytes(...entries);
    return verifyProof(shardRoot(descriptor, segment, shard), shape.leaves(segment), 0, whole, new Uint8Array()) ? 'ok' : 'wrong';
  };

  const readBlock = async (session: Session, { segment, shard }: Claimed, first: number): Promise<ReadOutcome | 'missing'> => {
    const offset = first * leafBytes;
    const length = Math.min(blockBytes, shape.shardLength(segment) - offset);
    const place = { segment, first, count: leafCount(length), offset, length };
    let missing = false;
    const failed = (error: unknown): void => {
      // A lost link is `not-found` too, and says nothing of the shard.
      missing = errorCode(error) === 'not-found' && links.session(session.node) === session;
    };
    const read = fetchLeaves({ session, contentRoot: descriptor.contentRoot, shard, place, opener: judge, log, verdict, failed });
    const release = task.onEnd(read.cancel);
    const outcome = await read.outcome.finally(release);
    if (outcome === 'got') verified(length);
    return missing ? 'missing' : outcome;
  };

  const readFrom = async (claimed: Claimed): Promise<ShardOutcome> => {
    let tries = 0;
    for (let first = 0; first < shape.leaves(claimed.segment); ) {
      task.requireGoing();
      const session = await links.connect(claimed.node).catch(() => undefined);
      const outcome = session === undefined ? 'failed' : await readBlock(session, claimed, first);
      if (outcome === 'wrong' || outcome === 'missing') return outcome;
      if (outcome === 'got') first += leavesAtOnce;
      else if (session === undefined || ++tries === triesMax) return 'unreachable';
    }
    return 'ok';
  };

  return (claimed) => (claimed.node === links.self ? readHere(claimed) : readFrom(claimed));
}
