import type { ShoalError } from '../core/errors.ts';
import type { RecordState } from '../core/record/record.ts';
import { isDeleted, leaseOf, rivals } from '../core/record/view.ts';
import { objectHealth } from './object-health.ts';
import type { OwnFile } from './own-files.ts';
import type { FileState, FileView } from './snapshot.ts';
import type { Standing } from './standings.ts';

/** What is known of one own file now. */
export interface FileStatus {
  readonly id: string;
  readonly own: OwnFile;
  readonly capability: string;
  readonly state: FileState;
  /** Bytes of the file sealed by the first pass. */
  readonly sealed: number;
  readonly record: RecordState | undefined;
  /** Bytes that holders reported as durable. */
  readonly bytesDurable: number;
  readonly error: ShoalError | undefined;
}

/** The file as the page shows it: who of its holders is live decides its health, by the same functions the repairer uses. */
export function fileView(entry: FileStatus, standing: (node: string) => Standing, nowMs: number): FileView {
  const { id, own, state, capability, error } = entry;
  const { record } = entry;
  const head = record?.heads[0];
  const base = {
    id,
    name: own.name,
    size: own.size,
    addedMs: own.addedMs,
    state,
    capability,
    ...(error === undefined ? {} : { error: error.code }),
  };
  const sealing = own.size === 0 ? 100 : Math.floor((100 * entry.sealed) / own.size);
  if (head === undefined) {
    const deleted = record !== undefined && isDeleted(record) ? deletedSentence : undefined;
    const sentence = error?.message ?? deleted ?? early[state] ?? `Encrypting: ${sealing} %. Keep this tab open`;
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
  const lengths = Array.from({ length: shape.segments }, (_, segment) => shape.shardLength(segment));
  const bytesTotal = shape.n * lengths.reduce((sum, length) => sum + length, 0);
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
    leaseMs: isKept(state) ? leaseOf(record!, head) : 0,
    version,
    equivocated: rivals(record!).length > 0,
    health: health.word,
    margin: health.margin,
    sentence: error?.message ?? onItsWay[state] ?? sentence,
  };
}

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
