import type { Figure, Skipped } from '../../bench/figures.ts';
import type { Goal } from '../../bench/goals.ts';

/** Where a bench ran. Two runs are of one machine when all of it is the same. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  /** 10^9 bytes, rounded. */
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly chromium: string;
}

/** What a bench came to, as bench/results keeps it. */
export interface Result {
  readonly bench: string;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  readonly skipped: readonly Skipped[];
}

/** A bench that ran: with what it came to, or with why it did not. */
export type Run = Result | { readonly bench: string; readonly failed: string };

export interface Outcome {
  readonly goal: Goal;
  /** What was measured for it, where it was. */
  readonly figure?: Figure;
  readonly verdict: 'pass' | 'falls short' | 'skipped' | 'not measured';
  /** Why it was skipped. */
  readonly why?: string;
}

/** What each goal comes to by these runs, in the order of the goals. */
export function outcomesOf(goals: readonly Goal[], runs: readonly Run[]): Outcome[] {
  return goals.map((goal) => {
    const run = runs.find(({ bench }) => bench === goal.bench);
    if (run === undefined || 'failed' in run) return { goal, verdict: 'not measured' };
    const figure = run.figures.find((one) => one.goal === goal.id);
    if (figure !== undefined) return { goal, figure, verdict: isReached(goal, figure.median) ? 'pass' : 'falls short' };
    const skipped = goal.optional ? run.skipped.find((one) => one.goal === goal.id) : undefined;
    return skipped === undefined ? { goal, verdict: 'not measured' } : { goal, verdict: 'skipped', why: skipped.skipped };
  });
}

function isReached({ atLeast, atMost }: Goal, median: number): boolean {
  return median >= (atLeast ?? -Infinity) && median <= (atMost ?? Infinity);
}

/** The goals that these benches have to give; all of them in a whole run, also those whose bench is not there. */
export function goalsOf(goals: readonly Goal[], benches: readonly string[] | 'all'): readonly Goal[] {
  return benches === 'all' ? goals : goals.filter(({ bench }) => benches.includes(bench));
}

/** Exit status of a run: 1 when a bench failed, or a goal was not reached or not measured. */
export function statusOf(runs: readonly Run[], outcomes: readonly Outcome[]): 0 | 1 {
  const missed = outcomes.some(({ verdict }) => verdict === 'falls short' || verdict === 'not measured');
  return missed || runs.some((run) => 'failed' in run) ? 1 : 0;
}
