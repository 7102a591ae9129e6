/** One thing measured, many times. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  /** What the 95th percentile should not exceed, where there is a budget. */
  readonly budget?: number;
  /** What the median should reach, where there is a floor. */
  readonly floor?: number;
  readonly samples: readonly number[];
}

/** Where tools/bench.mjs reads the figures of a bench, from the root of the repository. */
export const figuresFile = (bench: string): string => `test-results/bench/${bench}.json`;

/** A bench's figures as tools/bench.mjs prints them. */
export function figures(measured: readonly Measured[]): string {
  return JSON.stringify(
    measured.map(({ samples, ...rest }) => ({ ...rest, ...spread(samples) })),
    undefined,
    2,
  );
}

function spread(samples: readonly number[]): Record<'samples' | 'median' | 'p95' | 'max', number> {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 100) / 100;
  return { samples: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) };
}
