import type { FileView, HolderView } from '../app/state.ts';
import { formatAgo } from '../figures/format.ts';
import { strings } from './strings.ts';

/** Shards named in full up to here; of more, only their number is told. */
const namedMax = 8;

/** Which shards, counted from 1: "data 2, parity 1"; of many, or of several segments, how many. */
export function shardWords({ shards }: Pick<HolderView, 'shards'>, { k, m, segments }: Pick<FileView, 'k' | 'm' | 'segments'>): string {
  if (segments > 1 || shards.length > namedMax) return strings.file.shardsOf(shards.length, segments * (k + m));
  return shards.map((shard) => (shard < k ? strings.file.dataShard(shard + 1) : strings.file.parityShard(shard - k + 1))).join(', ');
}

/** When a holder that is not there was last heard of: "last seen 3 h ago". Undefined for one that is, and where nobody knows. */
export function seenWords({ state, seenMs }: Pick<HolderView, 'state' | 'seenMs'>, nowMs: number): string | undefined {
  if (seenMs === undefined || state === 'live' || state === 'connecting') return undefined;
  return strings.file.seen(formatAgo(seenMs, nowMs));
}
