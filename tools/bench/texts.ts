import type { Figure } from '../../bench/figures.ts';
import type { Goal } from '../../bench/goals.ts';
import type { Machine, Outcome, Run } from './outcome.ts';

/** How figures, goals and machines are written, on the terminal and in documents. */

export function numberText(figure: number): string {
  return figure.toLocaleString('en', { maximumSignificantDigits: 4 });
}

export function spreadText({ min, max }: Figure): string {
  return `${numberText(min)}–${numberText(max)}`;
}

/** Whether the 95th percentile kept its budget; empty where there is none. */
export function budgetText({ budget, p95 }: Figure): string {
  if (budget === undefined || p95 === undefined) return '';
  return `95 % ${numberText(p95)} of ${numberText(budget)}: ${p95 <= budget ? 'kept' : 'exceeded'}`;
}

export function boundText({ atLeast, atMost, unit, aim }: Goal): string {
  const bound = atLeast === undefined ? `≤ ${numberText(atMost!)}` : `≥ ${numberText(atLeast)}`;
  return `${bound}${unit === 'times' ? '' : ` ${unit}`}${aim === undefined ? '' : `, aim ${numberText(aim)}`}`;
}

export function verdictText({ verdict, why }: Outcome): string {
  return why === undefined ? verdict : `${verdict}: ${why}`;
}

export function machineText({ cores, model, memoryGb, system, node, chromium }: Machine): string {
  return `${cores} × ${model}, ${memoryGb} GB, ${system}, Node ${node}, Chromium ${chromium}`;
}

/** All figures, then the goals, as `npm run bench` prints them. */
export function reportText(machine: Machine, runs: readonly Run[], outcomes: readonly Outcome[]): string {
  const goals = columns([
    ['goal', 'median (min–max, windows)', 'bound', ''],
    ...outcomes.map((outcome) => [outcome.goal.text, measuredText(outcome), boundText(outcome.goal), verdictText(outcome)]),
  ]);
  return [machineText(machine), ...runs.flatMap(runLines), ...(outcomes.length === 0 ? [] : ['', ...goals]), ''].join('\n');
}

function runLines(run: Run): string[] {
  if ('failed' in run) return [`${run.bench}: failed: ${run.failed}`];
  return run.figures.map((figure) => {
    const budget = budgetText(figure);
    const spread = `median ${numberText(figure.median)} ${figure.unit} (${spreadText(figure)}, ${figure.windows})`;
    return `${run.bench}: ${figure.name}: ${spread}${budget === '' ? '' : `, ${budget}`}`;
  });
}

function measuredText({ figure }: Outcome): string {
  return figure === undefined ? '-' : `${numberText(figure.median)} (${spreadText(figure)}, ${figure.windows})`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
