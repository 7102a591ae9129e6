import { plainBlanks } from './io.ts';

/** Rows as lines: each column as wide as its widest cell, two blanks between columns, nothing after the last. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    plainBlanks(row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')),
  );
}

/** Names and values, one a line. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string[] {
  const widest = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => plainBlanks(`${name.padEnd(widest)}  ${value}`));
}

/** What others named may hold anything: shown without control characters, which a terminal would obey. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
