import { test } from 'vitest';
import { type Figure, figureOf, type Measured, type Skipped } from './figures.ts';
import { goals } from './goals.ts';
import { windowsMin } from './measure.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What tools/bench.mjs reads from vitest's report. */
    figures?: readonly Figure[];
    skipped?: readonly Skipped[];
  }
}

/** The one bench of a file `NAME.bench.ts`, in a page or in Node: `run` measures, and what it resolves with is printed and kept. */
export function benchmark(name: string, run: () => Promise<readonly (Measured | Skipped)[]>): void {
  test(name, async ({ task }) => {
    const outcomes = await run();
    outcomes.forEach((outcome, index) => check(name, outcome, outcomes.slice(0, index)));
    task.meta.skipped = outcomes.filter((outcome) => 'skipped' in outcome);
    task.meta.figures = outcomes.filter((outcome) => 'samples' in outcome).map(figureOf);
  });
}

/** A goal has its bench, which bench/goals.ts names, is decided once, and not by fewer windows than count. */
function check(bench: string, outcome: Measured | Skipped, before: readonly (Measured | Skipped)[]): void {
  const goal = goals.find(({ id }) => id === outcome.goal);
  if (goal === undefined) return;
  if (goal.bench !== bench) throw new Error(`${goal.id} is measured by the bench ${goal.bench}, not by ${bench}`);
  if (before.some((one) => one.goal === goal.id)) throw new Error(`${goal.id} is given twice`);
  if ('skipped' in outcome && !goal.optional) throw new Error(`${goal.id} is not optional, but was skipped: ${outcome.skipped}`);
  if ('samples' in outcome && !goal.once && outcome.samples.length < windowsMin)
    throw new Error(`${goal.id} was measured in ${outcome.samples.length} windows, fewer than ${windowsMin}`);
}
