import { rendezvousScore } from './rendezvous.ts';

/** A peer that may hold shards. */
export interface Candidate {
  readonly node: string;
  /** Free bytes × reputation²; zero or less = never chosen. */
  readonly weight: number;
  /** Failure domain; a peer without a known one is its own. */
  readonly domain?: string | undefined;
  /** The network it is in, where its operator named another failure domain: what no operator can talk away. */
  readonly network?: string | undefined;
}

export interface PlacementRequest {
  readonly contentRoot: string;
  readonly segment: number;
  /** Indexes of the shards to place. */
  readonly shards: readonly number[];
  readonly candidates: readonly Candidate[];
  /** Most shards of the segment in one failure domain, as long as that can be met. */
  readonly domainMax: number;
  /** Shards of this segment that are in place already: shard index → node. */
  readonly placed?: ReadonlyMap<number, string>;
}

/**
 * The holder of each shard (SPEC PLACE-3): the best rendezvous score among the peers that hold fewest shards of this segment and
 * whose domain is below its bound. With fewer peers than shards the load is even, so that no one peer is worth more than it must;
 * where domains are too few for the bound it rises by one, evenly. Empty when there is no candidate.
 */
export function placeShards(request: PlacementRequest): Map<number, string> {
  const candidates = request.candidates.filter(({ weight }) => weight > 0);
  const keysOf = new Map(candidates.map(({ node, domain = node, network = node }) => [node, [`domain ${domain}`, `network ${network}`]]));
  const load = new Map<string, number>();
  const count = (key: string): number => load.get(key) ?? 0;
  const take = (node: string): void => {
    for (const key of [node, ...(keysOf.get(node) ?? [])]) load.set(key, count(key) + 1);
  };
  for (const node of request.placed?.values() ?? []) take(node);

  const holders = new Map<number, string>();
  for (const shard of candidates.length === 0 ? [] : request.shards) {
    const domainLoad = ({ node }: Candidate): number => Math.max(...keysOf.get(node)!.map(count));
    const domainBound = Math.max(request.domainMax, 1 + Math.min(...candidates.map(domainLoad)));
    const allowed = candidates.filter((each) => domainLoad(each) < domainBound);
    const leastLoad = Math.min(...allowed.map(({ node }) => count(node)));
    const [best] = allowed
      .filter(({ node }) => count(node) === leastLoad)
      .map(({ node, weight }) => ({ node, score: rendezvousScore(weight, request.contentRoot, request.segment, shard, node) }))
      .sort((a, b) => b.score - a.score || (a.node < b.node ? -1 : 1));
    holders.set(shard, best!.node);
    take(best!.node);
  }
  return holders;
}
