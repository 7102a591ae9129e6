// `npm run bench`: measures in a real browser and in real processes, prints figures with their spread, and holds them to the goals of
// bench/goals.ts. No test depends on them. Exits 1 when a goal falls short or was not measured, or a bench failed; 2 for wrong usage.
//   node tools/bench.mjs                 every bench, kept in bench/results and docs/PERFORMANCE.md
//   node tools/bench.mjs --only ring     one of them, or several with commas
//   node tools/bench.mjs --quick         less data, to see that it works; kept in test-results/bench only
//   node tools/bench.mjs --json          the figures as JSON
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { buildModules, buildPage, buildServer, modulesAreStale, pageIsStale, serverIsStale } from './build.mjs';
import { chromiumPath } from './chromium.mjs';
import { installPackages } from './packages.mjs';
import { runNode, stopOnSignals } from './test/run.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const reports = join(root, 'test-results/bench');
const kept = join(root, 'bench/results');
const folders = ['page', 'node', 'tabs'];
/** Longer than vitest.config.ts gives a bench, so that vitest can say which took too long. */
const limitMs = 35 * 60_000;

const folderOf = new Map(folders.flatMap((folder) => benchesIn(folder).map((name) => [name, folder])));
const options = parsed();
const chosen = options.only ? [...new Set(options.only.split(','))] : [...folderOf.keys()];
const unknown = chosen.filter((name) => !folderOf.has(name));
if (unknown.length > 0) wrongUsage(`no bench ${unknown.join(', ')}; there are ${[...folderOf.keys()].join(', ')}`);

const [{ goals }, { goalsOf, outcomesOf, statusOf }, { reportText }, { writeTables }] = await Promise.all(
  ['bench/goals.ts', 'tools/bench/outcome.ts', 'tools/bench/texts.ts', 'tools/bench/document.ts'].map(loaded),
);

stopOnSignals();

const has = (folder) => chosen.some((name) => folderOf.get(name) === folder);
if ((has('node') || has('tabs')) && serverIsStale()) buildServer();
if (has('node') && modulesAreStale()) buildModules();
if (has('tabs') && pageIsStale()) buildPage();
const withOthers = new Set(goals.filter(({ others }) => others).map(({ bench }) => bench));
const othersAreThere =
  !chosen.some((name) => withOthers.has(name)) || installPackages(say, 'bench/others', ['--ignore-scripts', '--omit=optional']);

mkdirSync(reports, { recursive: true });
const machine = machineHere();
const runs = [];
for (const name of chosen) {
  if (process.exitCode) break;
  say(`bench: ${name}`);
  runs.push(await run(name));
}
if (!process.exitCode) finish();

function finish() {
  const outcomes = outcomesOf(goalsOf(goals, options.only ? chosen : 'all'), runs);
  const all = { machine, quick: options.quick === true, benches: runs, goals: outcomes };
  process.stdout.write(options.json ? `${JSON.stringify(all, undefined, 2)}\n` : reportText(machine, runs, outcomes));
  keep();
  process.exitCode = statusOf(runs, outcomes);
}

/** A bench that failed leaves its last result as it is, with its date. */
function keep() {
  const folder = options.quick ? reports : kept;
  mkdirSync(folder, { recursive: true });
  for (const result of runs)
    if (!('failed' in result)) writeFileSync(join(folder, `${result.bench}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  if (options.quick) return;
  for (const name of readdirSync(kept)) if (!folderOf.has(name.replace(/\.json$/, ''))) rmSync(join(kept, name));
  writeTables(root);
}

/** Runs a bench in a vitest of its own: with what it measured, or with why it failed. */
async function run(bench) {
  if (withOthers.has(bench) && !othersAreThere) return { bench, failed: 'the packages of bench/others could not be installed' };
  const folder = folderOf.get(bench);
  const report = join(reports, `${bench}.report.json`);
  rmSync(report, { force: true });
  const args = [
    'run',
    '--project',
    `bench-${folder}`,
    `bench/${folder}/${bench}.bench.ts`,
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const env = { ...process.env, SHOAL_BENCH_QUICK: options.quick ? '1' : '' };
  const exitCode = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), ...args], { env, limitMs, stdout: 'ignore' });
  return { bench, ...measuredIn(report, exitCode) };
}

function measuredIn(report, exitCode) {
  const [file] = readReport(report);
  const [test] = file?.assertionResults ?? [];
  if (exitCode !== 0 || test?.status !== 'passed')
    return { failed: test?.failureMessages?.[0] ?? (file?.message || `vitest ended with ${exitCode}`) };
  const { figures = [], skipped = [] } = test.meta;
  return { takenAt: new Date().toISOString(), machine, figures, skipped };
}

function readReport(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return [];
  }
}

function machineHere() {
  const memoryGb = Math.round(totalmem() / 1e9);
  return {
    cores: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGb,
    system: `${type()} ${arch()}`,
    node: process.versions.node,
    chromium: chromiumVersion(),
  };
}

function chromiumVersion() {
  const path = chromiumPath() ?? createRequire(import.meta.url)('playwright').chromium.executablePath();
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return /\d[\d.]+/.exec(stdout ?? '')?.[0] ?? 'unknown';
}

function benchesIn(folder) {
  return readdirSync(join(root, 'bench', folder)).flatMap((name) => /^(.+)\.bench\.ts$/.exec(name)?.[1] ?? []);
}

function parsed() {
  try {
    return parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' }, quick: { type: 'boolean' } } }).values;
  } catch (error) {
    return wrongUsage(error.message);
  }
}

/** Goals and tables are TypeScript, which Node 20 does not run by itself. */
async function loaded(path) {
  return (await runnerImport(join(root, path), { configFile: false, logLevel: 'error' })).module;
}

function wrongUsage(line) {
  process.stderr.write(`shoal: ${line}\n`);
  process.exit(2);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
