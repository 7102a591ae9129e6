import { type Health, healthSentence, worstHealth } from '../core/durability/health.ts';
import { type Geometry, geometry } from '../core/object/geometry.ts';
import type { Head } from '../core/record/heads.ts';
import { holdersOf } from '../core/record/view.ts';
import type { HolderView } from './snapshot.ts';
import type { Standing } from './standings.ts';

/** How an object is, by who of its holders is live. */
export interface ObjectHealth {
  readonly shape: Geometry;
  /** Live holders that claim each shard, by segment × n + shard. */
  readonly online: readonly (readonly string[])[];
  readonly holders: readonly HolderView[];
  readonly health: Health;
  readonly sentence: string;
}

/** The health of an object version as its head tells it now (SPEC HEALTH-1, HEALTH-3). */
export function objectHealth(
  { head, nowMs, spreading }: { readonly head: Head; readonly nowMs: number; readonly spreading: boolean },
  standing: (node: string) => Standing,
): ObjectHealth {
  const { k, m, ciphertextLength } = head.descriptor;
  const shape = geometry(k, m, ciphertextLength);
  const claimed = holdersOf(head, nowMs);
  const isLive = (node: string): boolean => standing(node).state === 'live';
  const live = claimed.map((segment) => segment.map((nodes) => nodes.filter(isLive)));
  const mayReturn = claimed.flat(2).some((node) => !isLive(node) && standing(node).state !== 'gone');
  const ways = (['domain', 'network'] as const).map((way) => (node: string) => standing(node)[way]);
  const health = worstHealth(k, live, ways, { spreading, mayReturn });
  // While it spreads, later segments have nothing yet: the words are about those begun, beside how far it is in all.
  const begun = live.filter((segment) => segment.some((nodes) => nodes.length > 0));
  const told = spreading && begun.length > 0 ? worstHealth(k, begun, ways, { spreading, mayReturn }) : health;
  const peers = [...new Set(live.flat(2))];
  const oneMachine = peers.every((node) => standing(node).local);
  return {
    shape,
    online: live.flat(),
    holders: holderViews(claimed.flat(), standing),
    health,
    sentence: healthSentence(k, shape.n, told, peers.length, oneMachine),
  };
}

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
