import type { HealthWord } from '../core/durability/health.ts';
import { toHex } from '../core/bytes/text.ts';
import { ShoalError } from '../core/errors.ts';
import type { Head } from '../core/record/heads.ts';
import { joinRecords, type RecordState } from '../core/record/record.ts';
import { isDeleted, leaseOf, readableHead, rivals } from '../core/record/view.ts';
import { objectHealth } from './object-health.ts';
import type { PeerParts } from './peer.ts';
import type { HolderView } from './snapshot.ts';
import { createStandings, type Standing } from './standings.ts';
import type { Task } from './task.ts';
import { within } from './within.ts';

/** How long a peer that has just joined is given to meet the others before it asks them, ms. */
const meetMs = 15_000;

/** An object as the swarm tells of it: plain data, ids in hex, times in ms. */
export interface ObjectView {
  readonly recordKey: string;
  /** Public key of the object. */
  readonly owner: string;
  readonly contentRoot: string;
  readonly version: number;
  readonly k: number;
  readonly m: number;
  readonly segments: number;
  readonly ciphertextLength: number;
  /** 0 temporary, 1 durable, 2 critical. */
  readonly class: number;
  readonly createdMs: number;
  /** When its lease ends, as last renewed. */
  readonly leaseMs: number;
  /** Its owner signed two contents of this version. */
  readonly equivocated: boolean;
  /** Live holders of each shard, by segment × n + shard. */
  readonly shards: readonly number[];
  readonly holders: readonly HolderView[];
  readonly health: HealthWord;
  readonly margin: number;
  readonly sentence: string;
}

export type ExamineParts = Pick<PeerParts, 'clock' | 'links' | 'membership' | 'records' | 'lenders'>;

/**
 * Looks an object up by its public key and says how it is (SPEC EXAM-1). Undefined when nobody online has announced it; that takes the
 * time of a look-up (REC-4), after that of meeting the swarm. Throws `not-found` where its owner deleted it, `cancelled` with the task.
 */
export async function look(parts: ExamineParts, objectKey: Uint8Array, task: Task): Promise<ObjectView | undefined> {
  const record = await findRecord(parts, objectKey, task);
  const head = record && readableHead(record, parts.clock.now());
  return record && head && objectView(record, head, standingOf(parts), parts.clock.now());
}

/** The best record of an object that can be had now; it is not kept here. Throws `not-found` where its owner deleted the object. */
export async function findRecord(
  { clock, lenders, records }: ExamineParts,
  objectKey: Uint8Array,
  task: Task,
): Promise<RecordState | undefined> {
  let best: RecordState | undefined;
  await task.race(within(clock, meetMs, lenders.settled()));
  await task.race(
    records.lookUp(objectKey, (found) => {
      best = best === undefined ? found : joinRecords(best, found);
    }),
  );
  if (best !== undefined && isDeleted(best)) throw new ShoalError('not-found', 'This object was deleted by its owner.');
  return best;
}

/** How holders stand with this peer, which is itself one that is here. */
export function standingOf({ membership, links }: Pick<ExamineParts, 'membership' | 'links'>): (node: string) => Standing {
  const standings = createStandings(membership);
  const here: Standing = { state: 'live', domain: links.self, network: links.self, local: false, seenMs: undefined };
  return (node) => (node === links.self ? here : standings.of(node));
}

function objectView(record: RecordState, head: Head, standing: (node: string) => Standing, nowMs: number): ObjectView {
  const { descriptor } = head;
  const { shape, online, holders, health, sentence } = objectHealth({ head, nowMs, spreading: false }, standing);
  return {
    recordKey: record.recordKey,
    owner: toHex(descriptor.objectKey),
    contentRoot: toHex(descriptor.contentRoot),
    version: descriptor.version,
    k: descriptor.k,
    m: descriptor.m,
    segments: shape.segments,
    ciphertextLength: descriptor.ciphertextLength,
    class: descriptor.class,
    createdMs: descriptor.createdMs,
    leaseMs: leaseOf(record, descriptor, nowMs),
    equivocated: rivals(record).length > 0,
    shards: online.map((nodes) => nodes.length),
    holders,
    health: health.word,
    margin: health.margin,
    sentence,
  };
}
