import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import { root } from './tidy/sources.ts';

/** What the built page may weigh, in thousands of bytes after gzip. Needs `npm run build` before. */
const budgets = { beforeFirstDrop: 120, receivePage: 170, allChunks: 450, worker: 60, fetchedByWorker: 20, styles: 20 } as const;

const page = join(root, 'dist/page');
const assets = join(page, 'assets');
const files = readdirSync(assets);
const chunks = files.filter((name) => name.endsWith('.js') && !name.includes('.worker-'));
const workerFiles = files.filter((name) => name.endsWith('.js') && name.includes('.worker-'));
/** Each worker's first file, and what the peer worker fetches once it listens (decision 0019). */
const workers = ['codec', 'peer'].flatMap((name) => workerFiles.filter((file) => file.startsWith(`${name}.worker-`)));
const fetchedByWorker = workerFiles.filter((name) => !workers.includes(name));

const kilobytes = (path: string): number => gzipSync(readFileSync(path)).length / 1000;
const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + kilobytes(join(assets, name)), 0);

/** The chunk that holds a screen or part, by the name of its source. */
function chunkOf(source: string): string {
  const found = chunks.filter((name) => name.startsWith(`${source}-`));
  expect(found, `chunks of ${source}`).toHaveLength(1);
  return found[0]!;
}

/** These chunks and all that they import before they run. */
function withImports(names: readonly string[]): Set<string> {
  const all = new Set(names);
  for (const name of all) {
    const { staticImports, staticExports } = parseSync(name, readFileSync(join(assets, name), 'utf8')).module;
    const sources = [...staticImports, ...staticExports.flatMap(({ entries }) => entries)].map(({ moduleRequest }) => moduleRequest?.value);
    for (const source of sources) if (source !== undefined) all.add(source.replace('./', ''));
  }
  return all;
}

const html = readFileSync(join(page, 'index.html'), 'utf8');
const entry = [...html.matchAll(/<script type="module"[^>]* src="\/assets\/([^"]+)"/g)].map(([, name]) => name!);

describe('the built page', () => {
  test('was seen: one entry, its screens, its workers, its styles', () => {
    expect(entry).toHaveLength(1);
    expect(chunks.length).toBeGreaterThanOrEqual(8);
    expect(workers).toHaveLength(2);
    expect(fetchedByWorker).toHaveLength(1);
    expect(files.filter((name) => name.endsWith('.css')).length).toBeGreaterThanOrEqual(1);
  });

  test(`needs at most ${budgets.beforeFirstDrop} KB of scripts before a first drop is possible`, () => {
    expect(sum(withImports(entry)) + kilobytes(join(page, 'theme.js'))).toBeLessThanOrEqual(budgets.beforeFirstDrop);
  });

  test(`needs at most ${budgets.receivePage} KB of scripts to receive a file`, () => {
    const needed = withImports([...entry, chunkOf('receive'), chunkOf('connections'), chunkOf('download')]);
    expect(sum(needed) + kilobytes(join(page, 'theme.js'))).toBeLessThanOrEqual(budgets.receivePage);
  });

  test(`has at most ${budgets.allChunks} KB of scripts in all`, () => {
    expect(sum(chunks)).toBeLessThanOrEqual(budgets.allChunks);
  });

  test.each([...workers.map((name) => join(assets, name)), join(page, 'service-worker.js')])(
    `has at most ${budgets.worker} KB in %s`,
    (path) => {
      expect(kilobytes(path)).toBeLessThanOrEqual(budgets.worker);
    },
  );

  test(`has at most ${budgets.fetchedByWorker} KB that a worker fetches once it listens`, () => {
    expect(sum(fetchedByWorker)).toBeLessThanOrEqual(budgets.fetchedByWorker);
  });

  test('has workers that wait for no import before they listen', () => {
    for (const worker of workers) expect(withImports([worker]), worker).toEqual(new Set([worker]));
  });

  test(`has at most ${budgets.styles} KB of styles`, () => {
    expect(sum(files.filter((name) => name.endsWith('.css')))).toBeLessThanOrEqual(budgets.styles);
  });
});
