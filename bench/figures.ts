import type { GoalId } from './goals.ts';

/** One thing measured, once for each window. */
export interface Measured {
  readonly name: string;
  /** `times` for a ratio. */
  readonly unit: string;
  readonly samples: readonly number[];
  /** The goal that the median decides. */
  readonly goal?: GoalId;
  /** What the 95th percentile should not exceed, where there is a budget. */
  readonly budget?: number;
}

/** A goal that cannot be measured here, and why: only an optional one may be given up. */
export interface Skipped {
  readonly goal: GoalId;
  readonly skipped: string;
}

/** What was measured, as it is printed and kept. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly goal?: GoalId;
  readonly windows: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly budget?: number;
  /** Only where there is a budget. */
  readonly p95?: number;
}

const digits = 4;

export function figureOf({ samples, budget, ...named }: Measured): Figure {
  if (samples.length === 0 || !samples.every(Number.isFinite)) throw new RangeError(`${named.name} has no figure in each window`);
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    ...named,
    windows: sorted.length,
    median: rounded(median(sorted)),
    min: rounded(sorted[0]!),
    max: rounded(sorted.at(-1)!),
    ...(budget === undefined ? {} : { budget, p95: rounded(sorted[Math.ceil(0.95 * sorted.length) - 1]!) }),
  };
}

/** The middle one; of an even number the mean of the two in the middle. */
function median(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

/** With four digits that count, since no run here repeats more than two. */
function rounded(figure: number): number {
  return Number(figure.toPrecision(digits));
}
