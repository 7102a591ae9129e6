import type { ShoalError } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import type { RecordState } from '../core/record/record.ts';
import { isDeleted, leaseOf, rivals } from '../core/record/view.ts';
import { objectHealth } from './object-health.ts';
import type { OwnFile } from './own-files.ts';
import type { FileState, FileView, ReplacingView } from './snapshot.ts';
import type { Standing } from './standings.ts';

/** How far a version is on its way to its holders. */
export interface Progress {
  readonly state: FileState;
  /** Bytes of the file sealed by the first pass. */
  readonly sealed: number;
  /** Bytes that holders reported as durable. */
  readonly bytesDurable: number;
  readonly error: ShoalError | undefined;
}

/** A version on its way to take the place of a stored one, or what came of it. */
export interface Replacing extends Progress {
  readonly state: ReplacingView['state'];
  readonly name: string;
  readonly size: number;
  /** The next one, until more is known. */
  readonly version: number;
  /** Bytes to place; 0 until it is sealed. */
  readonly bytesTotal: number;
}

/** Whether a newer version is being stored; one that came to nothing is not. */
export const isUnderWay = (replacing: Replacing | undefined): boolean =>
  replacing !== undefined && replacing.state !== 'failed' && replacing.state !== 'cancelled';

/** What is known of one own file now: its progress is that of its first version. */
export interface FileStatus extends Progress {
  readonly id: string;
  readonly own: OwnFile;
  readonly capability: string;
  readonly record: RecordState | undefined;
  readonly replacing: Replacing | undefined;
}

/** The file as the page shows it: who of its holders is live decides its health. */
export function fileView(entry: FileStatus, standing: (node: string) => Standing, nowMs: number): FileView {
  const { id, own, state, capability, error, record, replacing } = entry;
  const head = record?.heads[0];
  const base = {
    id,
    name: own.name,
    size: own.size,
    addedMs: own.addedMs,
    state,
    capability,
    ...(error === undefined ? {} : { error: error.code }),
    ...(replacing === undefined ? {} : { replacing: replacingView(replacing) }),
  };
  if (record === undefined || head === undefined) {
    const deleted = record !== undefined && isDeleted(record) ? deletedSentence : undefined;
    const sentence = error?.message ?? deleted ?? early[state] ?? `Encrypting: ${percent(entry.sealed, own.size)} %. Keep this tab open`;
    return {
      ...base,
      k: 0,
      m: 0,
      segments: 0,
      bytesTotal: 0,
      bytesStored: 0,
      shards: [],
      holders: [],
      leaseMs: 0,
      version: 0,
      equivocated: false,
      health: 'Spreading',
      margin: -1,
      sentence,
    };
  }
  const { k, m, version } = head.descriptor;
  const { shape, online, holders, health, sentence } = objectHealth({ head, nowMs, spreading: !isKept(state) }, standing);
  const bytesTotal = bytesToPlace(head.descriptor);
  return {
    ...base,
    k,
    m,
    segments: shape.segments,
    bytesTotal,
    // Stored means that every shard was claimed; what was durable when is not kept over a restart.
    bytesStored: isKept(state) ? bytesTotal : entry.bytesDurable,
    shards: online.map((nodes) => nodes.length),
    holders,
    leaseMs: isKept(state) ? leaseOf(record, head.descriptor, nowMs) : 0,
    version,
    equivocated: rivals(record).length > 0,
    health: health.word,
    margin: health.margin,
    sentence: error?.message ?? onItsWay[state] ?? sentence,
  };
}

/** Bytes of all shards of all segments. */
export function bytesToPlace({ k, m, ciphertextLength }: Pick<Descriptor, 'k' | 'm' | 'ciphertextLength'>): number {
  const { n, segments, shardLength } = geometry(k, m, ciphertextLength);
  return n * Array.from({ length: segments }, (_, segment) => shardLength(segment)).reduce((sum, each) => sum + each, 0);
}

function replacingView({ error, bytesDurable, ...replacing }: Replacing): ReplacingView {
  const { state, sealed, size, bytesTotal } = replacing;
  const sentences: Readonly<Record<ReplacingView['state'], string>> = {
    queued: 'Queued: it begins when others are done. Keep this tab open',
    waiting: waitingSentence,
    sealing: `Encrypting: ${percent(sealed, size)} %. Keep this tab open`,
    spreading: `Storing: ${percent(bytesDurable, bytesTotal)} %. Keep this tab open`,
    failed: `Not stored: the file is as it was. ${error?.message ?? ''}`,
    cancelled: 'Cancelled: the file is as it was',
  };
  return { ...replacing, bytesStored: bytesDurable, sentence: sentences[state], ...(error === undefined ? {} : { error: error.code }) };
}

const percent = (done: number, all: number): number => (all === 0 ? 100 : Math.floor((100 * done) / all));

type Sentences = { readonly [state in FileState]?: string };

/** All of it was stored once, and is until everyone heard that it is deleted. */
const isKept = (state: FileState): boolean => state === 'stored' || state === 'deleting';

const deletedSentence = 'Deleted, on another of your devices';
const deletingSentence = 'Deleting: its holders are being told';
const waitingSentence = 'Waiting for peers that lend storage. Keep this tab open';
/** What stands between a file and its holders, before anything of it is known elsewhere, and after. */
const early: Sentences = {
  queued: 'Queued: it begins when others are done. Keep this tab open',
  waiting: waitingSentence,
  stored: 'Stored. Its record is being looked for',
  deleting: deletingSentence,
};
const onItsWay: Sentences = {
  queued: 'Queued: it goes on when others are done. Keep this tab open',
  waiting: waitingSentence,
  deleting: deletingSentence,
};
