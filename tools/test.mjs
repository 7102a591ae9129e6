// `npm test`: every suite in order, some beside the others. The last line, `N passed, N failed`, is the sum over all of them; exits 1 if anything failed.
//   node tools/test.mjs                    everything
//   node tools/test.mjs --only unit,e2e    these suites (and what they need)
//   node tools/test.mjs --check            the quick ones: types, lint, format, tidy
//   node tools/test.mjs --long             everything, with SHOAL_LONG=1 for the suites to go on longer
import { parseArgs } from 'node:util';
import { total } from './test/results.mjs';
import { runSuite, stopOnSignals } from './test/run.mjs';
import { quick, suites } from './test/suites.mjs';

const limitMs = { usual: 10 * 60_000, beside: 20 * 60_000, long: 60 * 60_000 };

const { values: options } = parseArgs({ options: { only: { type: 'string' }, check: { type: 'boolean' }, long: { type: 'boolean' } } });
const chosen = choose();
const env = { ...process.env, ...(options.long ? { SHOAL_LONG: '1' } : {}) };

stopOnSignals();

const startedMs = Date.now();
const counts = new Map();
/** Those that run beside the others. */
const beside = [];
for (const suite of chosen) {
  if (process.exitCode) break;
  if (suite.beside) {
    beside.push(outcome(suite).then((count) => counts.set(suite.name, count)));
    continue;
  }
  say(`\n── ${suite.name} ──`);
  counts.set(suite.name, await outcome(suite));
}
await Promise.all(beside);
if (!process.exitCode) {
  const sum = total([...counts.values()]);
  if (sum.failed > 0) process.exitCode = 1;
  const failed = [...counts].filter(([, count]) => count.failed > 0).map(([name]) => name);
  say(`\n${seconds(startedMs)} s in all${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`);
  say(`${sum.passed} passed, ${sum.failed} failed`);
}

async function outcome(suite) {
  const failed = suite.needs?.find((name) => counts.get(name)?.failed !== 0);
  if (failed !== undefined) {
    say(`not run: ${failed} failed`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const suiteStartedMs = Date.now();
  const usualMs = suite.beside ? limitMs.beside : limitMs.usual;
  const count = await runSuite(suite, { env, limitMs: options.long ? (suite.longMs ?? limitMs.long) : usualMs });
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  say(`${suite.name}: ${count.passed} passed, ${count.failed} failed${skipped} (${seconds(suiteStartedMs)} s)`);
  return count;
}

function choose() {
  if (!options.only && !options.check) return suites.filter(({ checkOnly }) => !checkOnly);
  const names = options.check ? quick : options.only.split(',');
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`shoal: no suite ${unknown.join(', ')}; there are ${suites.map(({ name }) => name).join(', ')}\n`);
    process.exit(2);
  }
  const wanted = new Set(names);
  // Grows while it is walked.
  for (const wantedName of wanted) for (const need of suites.find(({ name }) => name === wantedName).needs ?? []) wanted.add(need);
  return suites.filter(({ name }) => wanted.has(name));
}

function seconds(sinceMs) {
  return ((Date.now() - sinceMs) / 1000).toFixed(1);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
