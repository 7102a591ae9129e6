// `npm run bench`: measures in a real browser and in real processes, and prints figures with their spread. No test depends on them.
//   node tools/bench.mjs                 every bench/*.bench.ts
//   node tools/bench.mjs --only ring     one of them, or several with commas
//   node tools/bench.mjs --json          the figures as JSON
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));
const results = join(root, 'test-results/bench');
const { values: options } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' } } });

const all = readdirSync(join(root, 'bench')).flatMap((name) => /^(.+)\.bench\.ts$/.exec(name)?.[1] ?? []);
const chosen = options.only?.split(',') ?? all;
const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`shoal: no bench ${unknown.join(', ')}; there are ${all.join(', ')}\n`);
  process.exit(2);
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const args = ['run', '--project', 'bench', '--project', 'node-bench', ...chosen.map((name) => `bench/${name}.bench.ts`)];
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});

const machine = { cores: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
const figures = Object.fromEntries(
  chosen.filter((name) => existsSync(fileOf(name))).map((name) => [name, JSON.parse(readFileSync(fileOf(name), 'utf8'))]),
);
process.stdout.write(options.json ? `${JSON.stringify({ machine, figures }, undefined, 2)}\n` : table());
process.exit(status ?? 1);

function fileOf(name) {
  return join(results, `${name}.json`);
}

function table() {
  const lines = [`${machine.cores} × ${machine.model}, Node ${machine.node}`];
  for (const [bench, rows] of Object.entries(figures)) {
    for (const { name, unit, budget, floor, samples, median, p95, max } of rows) {
      const within = budget === undefined ? '' : `, budget ${budget}: ${p95 <= budget ? 'kept' : 'EXCEEDED'}`;
      const reached = floor === undefined ? '' : `, floor ${floor}: ${median >= floor ? 'reached' : 'MISSED'}`;
      lines.push(`${bench}: ${name}: median ${median}, 95 % ${p95}, max ${max} ${unit} (of ${samples})${within}${reached}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
