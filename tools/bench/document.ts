import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goals } from '../../bench/goals.ts';
import { type Outcome, outcomesOf, type Result } from './outcome.ts';
import { boundText, budgetText, machineText, numberText, spreadText, verdictText } from './texts.ts';

/** docs/PERFORMANCE.md between its two marks, made from bench/results. Never edited by hand: a test compares. */
const begin = '<!-- bench:begin -->';
const end = '<!-- bench:end -->';

/** The results kept in a folder, by the name of their bench; none before the first run that is kept. */
export function readResults(folder: string): Result[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Result);
}

/** The document with the tables of these results between its marks. */
export function withTables(document: string, results: readonly Result[]): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no ${begin} before an ${end}`);
  return `${document.slice(0, from)}${begin}\n${tables(results)}\n${document.slice(to)}`;
}

/** Writes the tables of the results in bench/results into docs/PERFORMANCE.md. `root` is that of the repository. */
export function writeTables(root: string): void {
  const path = join(root, 'docs/PERFORMANCE.md');
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), readResults(join(root, 'bench/results'))));
}

function tables(results: readonly Result[]): string {
  const outcomes = outcomesOf(goals, results);
  const goalRows = outcomes.map((outcome) => row([outcome.goal.text, boundText(outcome.goal), ...measured(outcome), outcome.goal.seen]));
  const figureRows = results.flatMap(({ bench, figures }) =>
    figures.map((figure) =>
      row([
        bench,
        figure.name,
        `${numberText(figure.median)} ${figure.unit}`,
        spreadText(figure),
        String(figure.windows),
        budgetText(figure),
      ]),
    ),
  );
  return [
    ...machines(results),
    row(['ratio in one run', 'bound', 'median', 'min–max', 'windows', '', 'seen before']),
    row(Array<string>(7).fill('---')),
    ...goalRows,
    ...(figureRows.length === 0
      ? []
      : ['', row(['bench', 'figure', 'median', 'min–max', 'windows', 'budget']), row(Array<string>(6).fill('---')), ...figureRows]),
  ].join('\n');
}

function measured(outcome: Outcome): string[] {
  const { figure } = outcome;
  const figures = figure === undefined ? ['-', '-', '-'] : [numberText(figure.median), spreadText(figure), String(figure.windows)];
  return [...figures, verdictText(outcome)];
}

/** One line for each machine and day, with its benches where there is more than one. */
function machines(results: readonly Result[]): string[] {
  const taken = new Map<string, string[]>();
  for (const { bench, takenAt, machine } of results) {
    const where = `${takenAt.slice(0, 10)} on ${machineText(machine)}`;
    taken.set(where, [...(taken.get(where) ?? []), bench]);
  }
  const lines = [...taken].map(([where, benches]) => (taken.size === 1 ? `Taken ${where}.` : `* ${benches.join(', ')}: taken ${where}.`));
  return lines.length === 0 ? [] : [...lines, ''];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
