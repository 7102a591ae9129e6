import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../tidy/sources.ts';
import { readResults, withTables } from './document.ts';
import type { Result } from './outcome.ts';

const machine = { cores: 2, model: 'made up', memoryGb: 8, system: 'Linux x64', node: '20.19.0', chromium: '156.0' };
const empty = 'before\n<!-- bench:begin -->\nstale rows\n<!-- bench:end -->\nafter\n';

const peer: Result = {
  bench: 'peer',
  takenAt: '2026-01-02T03:04:05.000Z',
  machine,
  figures: [
    { name: 'a | b', unit: 'times', goal: 'node-transfer-by-bare', windows: 5, median: 0.63, min: 0.5, max: 0.77 },
    { name: 'a frame', unit: 'ms', windows: 300, median: 5, min: 4, max: 20, budget: 16, p95: 17 },
  ],
  skipped: [],
};

test('the tables in docs/PERFORMANCE.md are what tools/bench-table.mjs makes of bench/results', () => {
  const document = readFileSync(join(root, 'docs/PERFORMANCE.md'), 'utf8');
  expect(document).toBe(withTables(document, readResults(join(root, 'bench/results'))));
});

test('tables stand between the marks, and what is around them stays', () => {
  const document = withTables(empty, [peer]);
  expect(document).toMatch(/^before\n<!-- bench:begin -->\nTaken 2026-01-02 on 2 × made up/);
  expect(document).toMatch(/<!-- bench:end -->\nafter\n$/);
  expect(document).not.toContain('stale rows');
  expect(withTables(document, [peer])).toBe(document);
  expect(() => withTables('no marks', [peer])).toThrow('bench:begin');
});

test('a goal has its median, spread, windows and verdict; a figure its budget', () => {
  const lines = withTables(empty, [peer]).split('\n');
  expect(lines.find((line) => line.includes('one Node peer'))).toContain('| ≥ 0.6 | 0.63 | 0.5–0.77 | 5 | pass |');
  expect(lines.find((line) => line.includes('PeerJS'))).toContain('| - | - | - | not measured |');
  expect(lines).toContain('| peer | a frame | 5 ms | 4–20 | 300 | 95 % 17 of 16: exceeded |');
  expect(lines).toContain('| peer | a \\| b | 0.63 times | 0.5–0.77 | 5 |  |');
});

test('results of several days or machines are told apart', () => {
  const document = withTables(empty, [peer, { ...peer, bench: 'links', takenAt: '2026-01-03T03:04:05.000Z' }]);
  expect(document).toContain('* peer: taken 2026-01-02');
  expect(document).toContain('* links: taken 2026-01-03');
});
