// The suite of simulations: whole swarms over hours, each seed held to every invariant (docs/SIMULATION.md). Two processes share the seeds.
//   node tools/test/sim.mjs          20 seeds × 1 h × 30 peers; with SHOAL_LONG=1 300 seeds × 5 h × 30 peers
// The long run takes hours: what it has done is kept in the repo, and one that was interrupted goes on from there while the simulator is
// the same.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf, runSimulation } from './sim-run.mjs';
import { replayOf } from './sim-words.mjs';

const isLong = Boolean(process.env.SHOAL_LONG);
const [seeds, hours] = isLong ? [300, 5] : [20, 1];
const peers = 30;
const faults = 'test/faults/open-swarm.json';
const report = fileURLToPath(new URL('../../test-results/sim.json', import.meta.url));
/** Of the long run, one line for each seed that passed: what docs/SIMULATION.md reports, and which hash each has on any machine. */
const kept = fileURLToPath(new URL('../../test/results/sim-long.jsonl', import.meta.url));
const dist = fileURLToPath(new URL('../../dist/node', import.meta.url));
const workers = 2;
/** Every core has something to do: threads that collect garbage beside would only take it from others, a tenth of a run. */
const frugal = ['--single-threaded-gc', '--max-semi-space-size=64'];

const share = process.argv[2];
if (share === undefined) await runAll();
else await runShare(Number(share));

/** Starts the processes, gathers what each says of its seeds, and writes the report. */
async function runAll() {
  for (const file of [report, kept]) mkdirSync(dirname(file), { recursive: true });
  const before = keptResults();
  const now = (await Promise.all(Array.from({ length: workers }, (_, i) => shareOf(i)))).flat();
  const results = [...before, ...now].sort((a, b) => a.seed - b.seed);
  const passed = results.filter(({ ok }) => ok).length;
  const failed = seeds - passed;
  writeFileSync(report, JSON.stringify({ passed, failed, seeds: results }));
  const sum = (name) => results.reduce((all, { figures }) => all + (figures?.[name] ?? 0), 0);
  process.stdout.write(
    `${passed} of ${seeds} seeds: ${sum('events')} events, ${sum('checks')} checks, ${sum('reads')} reads, ${sum('misses')} misses, ${sum('starved')} starved\n`,
  );
  if (failed > 0) process.exitCode = 1;
}

function shareOf(index) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...frugal, fileURLToPath(import.meta.url), `${index}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('close', () =>
      resolve(
        text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line)),
      ),
    );
  });
}

/** Runs every other seed that is not kept, each line of output one of them. */
async function runShare(index) {
  const read = faultsOf(faults, (path) => readFileSync(path, 'utf8'));
  const done = new Set(keptResults().map(({ seed }) => seed));
  const build = buildId();
  for (let seed = 1 + index; seed <= seeds; seed += workers) {
    if (done.has(seed)) continue;
    const outcome = await one(seed, read);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    if (isLong && outcome.ok) appendFileSync(kept, `${JSON.stringify({ build, ...outcome })}\n`);
  }
}

/** What an earlier run of this simulator has done, each seed once. */
function keptResults() {
  if (!isLong || !existsSync(kept)) return [];
  const build = buildId();
  const lines = readFileSync(kept, 'utf8').split('\n').filter(Boolean);
  const bySeed = new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.seed, result]));
  return [...bySeed.values()].filter((result) => result.build === build);
}

/** Which simulator this is: a digest of what it and the peers in it were compiled to, and of the faults. */
function buildId() {
  const hash = createHash('sha256').update(readFileSync(faults));
  for (const folder of ['src/core', 'src/peer', 'src/platform/memory', 'src/sim']) {
    const names = readdirSync(join(dist, folder), { recursive: true }).filter((name) => name.endsWith('.js'));
    for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) hash.update(readFileSync(join(dist, folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function one(seed, read) {
  const replay = replayOf({ seed, peers, hours, faults, realSignatures: false });
  try {
    const { report: run, violations } = await runSimulation({ seed: `${seed}`, peers, hours, faults: read });
    for (const { invariant, words, nodes } of violations.slice(0, 5))
      process.stderr.write(`seed ${seed}: ${invariant}: ${words} (${nodes.map((node) => node.slice(0, 8)).join(' ')})\n`);
    if (violations.length > 0) process.stderr.write(`${replay}\n`);
    const checks = Object.values(run.invariants).reduce((sum, each) => sum + each.checks, 0);
    const { events, reads, misses, starved, traceHash, realMs } = run;
    return { seed, ok: violations.length === 0, figures: { events, checks, reads, misses, starved, traceHash, realMs } };
  } catch (error) {
    process.stderr.write(`seed ${seed}: ${error.stack}\n${replay}\n`);
    return { seed, ok: false };
  }
}
