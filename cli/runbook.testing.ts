import { readFileSync } from 'node:fs';

/** One thing that docs/RUNBOOK.md has its reader do. */
export type RunbookStep = { readonly line: number } & (
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  /** `output`: lines that the document shows after it, if it shows any. */
  | { readonly kind: 'step'; readonly commands: readonly string[]; readonly output?: readonly string[] }
);

interface Block {
  readonly line: number;
  readonly language: string;
  /** What stands after the language: `step`, or the path of a file. */
  readonly about: string;
  readonly lines: readonly string[];
}

export const runbook = readFileSync(new URL('../docs/RUNBOOK.md', import.meta.url), 'utf8');

/** What is to be done, top to bottom: files to write, and blocks marked `step`. */
export function stepsOf(markdown: string): RunbookStep[] {
  const blocks = blocksOf(markdown);
  return blocks.flatMap(({ line, language, about, lines }, index): RunbookStep[] => {
    if (/^[/~]/.test(about)) return [{ line, kind: 'file', path: about, text: `${lines.join('\n')}\n` }];
    if (language !== 'sh' || about !== 'step') return [];
    const next = blocks[index + 1];
    return [{ line, kind: 'step', commands: lines, ...(next?.language === 'text' ? { output: next.lines } : {}) }];
  });
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; about: string; lines: string[] } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^```(\S*)\s*(.*)$/.exec(text);
    if (fence === null) open?.lines.push(text);
    else if (open === undefined) open = { line: index + 1, language: fence[1]!, about: fence[2]!.trim(), lines: [] };
    else {
      blocks.push(open);
      open = undefined;
    }
  }
  return blocks;
}

/** Names of the document and what stands for them in a trial. */
export interface Stand {
  /** A command or file of the document as it is in the trial. */
  tried(text: string): string;
  /** What the trial printed as the document would show it. */
  told(text: string): string;
}

/** A trial in `root`, with two free ports for the server's first and second one, and metrics from `metricsBase` + 1 on (a multiple of ten). */
export function standIn(root: string, ports: readonly [number, number], metricsBase: number): Stand {
  const names: readonly (readonly [document: string, trial: string])[] = [
    ['https://shoal.example.org:8443', `https://localhost:${ports[1]}`],
    ['shoal.example.org', `localhost:${ports[0]}`],
    ['port = 8443', `port = ${ports[1]}`],
    ['port = 443', `port = ${ports[0]}`],
    ['"0.0.0.0"', '"localhost"'],
    ['947', String(metricsBase / 10)],
    ['/etc/systemd/system/', `${root}/units/`],
    ['/etc/shoal', `${root}/etc`],
    ['/var/lib/shoal', `${root}/lib`],
    ['/srv/', `${root}/srv/`],
    ['/root/', `${root}/home/`],
    ['/usr/local/bin/', `${root}/bin/`],
    // Everything of the trial belongs to one user.
    ['sudo -u shoal ', ''],
    ['-o shoal -g shoal ', ''],
  ];
  return {
    tried: (text) => replaced(text, names),
    told: (text) =>
      replaced(
        text,
        names.flatMap(([document, trial]) => (trial.includes('/') || trial.includes(':') ? [[trial, document] as const] : [])),
      ),
  };
}

/** All at once, so that nothing is replaced in what was put in. */
function replaced(text: string, names: readonly (readonly [from: string, to: string])[]): string {
  const to = new Map(names);
  const any = new RegExp(names.map(([from]) => from.replaceAll(/[.$/]/g, String.raw`\$&`)).join('|'), 'g');
  return text.replaceAll(any, (found) => to.get(found)!);
}

/** Lines without what differs from one trial to the next: ids, capabilities, days, widths of columns, and the order of rows. */
export function comparable(lines: readonly string[]): string[] {
  return lines
    .map((line) =>
      line
        .replaceAll(/\b([RV])\.[\w-]{40,}/g, '$1.…')
        .replaceAll(/\b[0-9a-f]{16,}\b/g, 'ID')
        .replaceAll(/\b\d{1,2} [A-Z][a-z]{2} \d{4}\b/g, 'DAY')
        .replaceAll(/ +/g, ' ')
        .trimEnd(),
    )
    .filter((line) => line !== '')
    .toSorted();
}
