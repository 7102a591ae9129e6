// Runs one suite or bench after another as children in process groups of their own, so that stopping one stops its browsers too.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ofStep, settled } from './results.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const graceMs = 5_000;
const ownGroup = process.platform !== 'win32';

/** The child that runs now. */
let running;

/** Runs a suite to its end, its output going where ours goes; resolves with its count of tests. Never rejects. */
export async function runSuite(suite, { env, limitMs }) {
  if (suite.report) {
    mkdirSync(join(root, dirname(suite.report)), { recursive: true });
    rmSync(join(root, suite.report), { force: true });
  }
  const exitCode = await runNode([join(root, suite.script), ...suite.args], { env, limitMs });
  return suite.report ? settled(readCount(suite), exitCode) : ofStep(exitCode);
}

/** Ends the child that runs now, and by force if it does not heed. */
function stopRunning() {
  if (running === undefined) return;
  const child = running;
  signal(child, 'SIGTERM');
  setTimeout(() => signal(child, 'SIGKILL'), graceMs).unref();
}

/** Ends the child that runs now, and this program with the status of the signal, when one comes. */
export function stopOnSignals() {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(name, () => {
      process.exitCode = code;
      stopRunning();
    });
  }
}

/** Exit code of `node ...args`; 1 when it could not start, was ended by a signal, or took longer than the limit. */
export function runNode(args, { env, limitMs, stdout = 'inherit' }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', stdout, 'inherit'], detached: ownGroup });
    running = child;
    const limit = setTimeout(() => {
      process.stderr.write(`stopped after ${limitMs / 60_000} minutes\n`);
      stopRunning();
    }, limitMs);
    const settle = (exitCode) => {
      clearTimeout(limit);
      signal(child, 'SIGKILL'); // what the suite may have left behind in its group
      running = undefined;
      resolve(exitCode);
    };
    child.once('error', () => settle(1));
    child.once('exit', (code) => settle(code ?? 1));
  });
}

function signal(child, name) {
  try {
    if (ownGroup) process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // Nothing of it is left.
  }
}

function readCount(suite) {
  try {
    return suite.read(JSON.parse(readFileSync(join(root, suite.report), 'utf8')));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
