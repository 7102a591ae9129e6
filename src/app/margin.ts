import { classifyHealth } from '../core/durability/health.ts';
import type { FileView } from './state.ts';

/**
 * Whether the loss of `node` would leave a file without any margin, or worse, and take margin from it: reckoned over its live holders
 * and `node` by the function that gives the file its health.
 */
export function lossEndangers(file: Pick<FileView, 'k' | 'm' | 'segments' | 'holders'>, node: string): boolean {
  const mine = file.holders.find((holder) => holder.node === node);
  if (mine === undefined || file.segments === 0) return false;
  const others = file.holders.filter((holder) => holder !== mine && holder.state === 'live');
  const after = margin(file, others);
  return after <= 0 && after < margin(file, [...others, mine]);
}

function margin({ k, m, segments }: Pick<FileView, 'k' | 'm' | 'segments'>, holders: FileView['holders']): number {
  const n = k + m;
  const nodesOf = Array.from({ length: segments * n }, (): string[] => []);
  for (const { node, shards } of holders) for (const shard of shards) nodesOf[shard]?.push(node);
  const bySegment = Array.from({ length: segments }, (_, segment) => nodesOf.slice(segment * n, (segment + 1) * n));
  return classifyHealth(k, bySegment, { spreading: false, mayReturn: true }).margin;
}
