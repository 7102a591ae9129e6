import { classifyHealth, domainsOf, healthSentence } from '../core/durability/health.ts';
import type { ShoalError } from '../core/errors.ts';
import { geometry } from '../core/object/geometry.ts';
import { holdersOf, type RecordState } from '../core/record/record.ts';
import type { OwnFile } from './own-files.ts';
import type { FileState, FileView, HolderView } from './snapshot.ts';
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
  const { id, own, state, capability, record, error } = entry;
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
  if (record === undefined) {
    const sentence = error?.message ?? early[state] ?? `Encrypting: ${sealing} %. Keep this tab open`;
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
      health: 'Spreading',
      margin: -1,
      sentence,
    };
  }
  const { k, m } = record.descriptor;
  const shape = geometry(k, m, record.descriptor.ciphertextLength);
  const claimed = holdersOf(record, nowMs);
  const isLive = (node: string): boolean => standing(node).state === 'live';
  const live = claimed.map((segment) => segment.map((nodes) => nodes.filter(isLive)));
  const mayReturn = claimed.flat(2).some((node) => !isLive(node) && standing(node).state !== 'gone');
  const spreading = state !== 'stored';
  const domains = domainsOf(live, (node) => standing(node).domain);
  const whole = classifyHealth(k, domains, { spreading, mayReturn });
  // While it spreads, later segments have nothing yet: the words are about those begun, beside how far it is in all.
  const begun = domains.filter((segment) => segment.some((names) => names.length > 0));
  const health = spreading && begun.length > 0 ? classifyHealth(k, begun, { spreading, mayReturn }) : whole;
  const lengths = Array.from({ length: shape.segments }, (_, segment) => shape.shardLength(segment));
  const bytesTotal = shape.n * lengths.reduce((sum, length) => sum + length, 0);
  return {
    ...base,
    k,
    m,
    segments: shape.segments,
    bytesTotal,
    // Stored means that every shard was claimed; what was durable when is not kept over a restart.
    bytesStored: state === 'stored' ? bytesTotal : entry.bytesDurable,
    shards: live.flat().map((nodes) => nodes.length),
    holders: holderViews(claimed.flat(), standing),
    leaseMs: state === 'stored' ? record.descriptor.leaseMs : 0,
    health: whole.word,
    margin: whole.margin,
    sentence: error?.message ?? onItsWay[state] ?? healthSentence(k, shape.n, health, new Set(live.flat(2)).size),
  };
}

type Sentences = { readonly [state in FileState]?: string };

const waitingSentence = 'Waiting for peers that lend storage. Keep this tab open';
/** What stands between a file and its holders, before anything of it is known elsewhere, and after. */
const early: Sentences = {
  queued: 'Queued: it begins when others are done. Keep this tab open',
  waiting: waitingSentence,
  stored: 'Stored. Its record is being looked for',
};
const onItsWay: Sentences = { queued: 'Queued: it goes on when others are done. Keep this tab open', waiting: waitingSentence };

/** Who claims which shards. `nodesOf` is by segment × n + shard. */
function holderViews(nodesOf: readonly (readonly string[])[], standing: (node: string) => Standing): HolderView[] {
  const shardsOf = new Map<string, number[]>();
  nodesOf.forEach((nodes, shard) => {
    for (const node of nodes) shardsOf.set(node, [...(shardsOf.get(node) ?? []), shard]);
  });
  return [...shardsOf].map(([node, shards]) => {
    const { state, seenMs } = standing(node);
    return { node, state: state === 'gone' ? 'unknown' : state, ...(seenMs === undefined ? {} : { seenMs }), shards };
  });
}
