import { commands } from 'vitest/browser';

/** One thing measured, many times. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  /** What the 95th percentile should not exceed, where there is a budget. */
  readonly budget?: number;
  readonly samples: readonly number[];
}

/** Hands a bench's figures to tools/bench.mjs, which prints them. */
export async function report(bench: string, measured: readonly Measured[]): Promise<void> {
  const figures = measured.map(({ samples, ...rest }) => ({ ...rest, ...spread(samples) }));
  await commands.writeFile(`test-results/bench/${bench}.json`, JSON.stringify(figures, undefined, 2));
}

function spread(samples: readonly number[]): Record<'samples' | 'median' | 'p95' | 'max', number> {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 100) / 100;
  return { samples: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) };
}
