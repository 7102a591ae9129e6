/**
 * Size of a maximum matching between shards and distinct failure domains (Tahoe-LAFS's "servers of happiness", over domains):
 * the number of domains that hold a shard nobody else is needed for. Kuhn's augmenting paths; at most 64 shards.
 *
 * @param domainsByShard for each shard, the domains that hold it
 */
export function happiness(domainsByShard: readonly (readonly string[])[]): number {
  const shardOf = new Map<string, number>();
  const augment = (shard: number, visited: Set<string>): boolean =>
    domainsByShard[shard]!.some((domain) => {
      if (visited.has(domain)) return false;
      visited.add(domain);
      const other = shardOf.get(domain);
      if (other !== undefined && !augment(other, visited)) return false;
      shardOf.set(domain, shard);
      return true;
    });
  return domainsByShard.filter((_, shard) => augment(shard, new Set())).length;
}
