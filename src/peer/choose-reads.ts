/** Where a shard of a band can be read. */
export interface Source {
  readonly shard: number;
  readonly node: string;
  /** A read of this holder was late or failed, and none has been in time since (SPEC READ-9). */
  readonly doubtful: boolean;
}

/** How far the reading of one band is. */
export interface BandProgress {
  readonly k: number;
  /** Data shards whose leaves are wanted. */
  readonly wanted: readonly number[];
  /** Shards whose leaves are here, verified. */
  readonly got: ReadonlySet<number>;
  /** Shards being read, and whether the answer is late. */
  readonly underWay: readonly { readonly shard: number; readonly late: boolean }[];
  /** Who was not asked yet, best first within each shard. */
  readonly sources: readonly Source[];
}

/** Whether a band can be decoded: the wanted leaves are here, or those of any k shards. */
export function isReadable({ k, wanted, got }: Pick<BandProgress, 'k' | 'wanted' | 'got'>): boolean {
  return got.size >= k || wanted.every((shard) => got.has(shard));
}

/**
 * Whom to ask now (SPEC READ-2, READ-9): one source for each wanted shard that is neither here nor on its way, or, where one of them has
 * none, for as many other shards as make k. A late read counts as none, so another takes its place while it may still come. Doubtful
 * holders are asked only when the others do not suffice. Nothing when everything needed is on its way, and when it cannot be had at all.
 */
export function chooseReads({ k, wanted, got, underWay, sources }: BandProgress): Source[] {
  const expected = new Set([...got, ...underWay.filter(({ late }) => !late).map(({ shard }) => shard)]);
  const missing = wanted.filter((shard) => !expected.has(shard));
  const lacking = k - expected.size;
  for (const offered of [sources.filter(({ doubtful }) => !doubtful), sources]) {
    const best = new Map<number, Source>();
    for (const source of offered) if (!expected.has(source.shard) && !best.has(source.shard)) best.set(source.shard, source);
    const direct = missing.map((shard) => best.get(shard)).filter((source) => source !== undefined);
    if (direct.length === missing.length && missing.length <= lacking) return direct;
    if (best.size >= lacking) return [...best.values()].toSorted(byPreference).slice(0, Math.max(0, lacking));
    if (direct.length === missing.length) return direct;
  }
  return [];
}

function byPreference(a: Source, b: Source): number {
  return Number(a.doubtful) - Number(b.doubtful) || a.shard - b.shard;
}
