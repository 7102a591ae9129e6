// Runs suites and benches as children in process groups of their own, so that stopping one stops its browsers too.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ofStep, settled } from './results.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const graceMs = 5_000;
const ownGroup = process.platform !== 'win32';

/** The children that run now. */
const running = new Set();

/** Runs a suite to its end, its output going where ours goes, at its end if it runs beside others; resolves with its count of tests. Never rejects. */
export async function runSuite(suite, { env, limitMs }) {
  if (suite.report) {
    mkdirSync(join(root, dirname(suite.report)), { recursive: true });
    rmSync(join(root, suite.report), { force: true });
  }
  const exitCode = await runNode([join(root, suite.script), ...suite.args], { env, limitMs, beside: suite.beside });
  return suite.report ? settled(readCount(suite), exitCode) : ofStep(exitCode);
}

/** Ends a child, and by force if it does not heed. */
function stop(child) {
  signal(child, 'SIGTERM');
  setTimeout(() => signal(child, 'SIGKILL'), graceMs).unref();
}

/** Ends the children that run now, and this program with the status of the signal, when one comes. */
export function stopOnSignals() {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(name, () => {
      process.exitCode = code;
      for (const child of running) stop(child);
    });
  }
}

/**
 * Exit code of `node ...args`; 1 when it could not start, was ended by a signal, or took longer than the limit.
 * `beside`: with what others leave of the processors, and what it prints is printed once it has ended.
 */
export function runNode(args, { env, limitMs, stdout = 'inherit', beside = false }) {
  return new Promise((resolve) => {
    const stdio = beside ? ['ignore', 'pipe', 'pipe'] : ['ignore', stdout, 'inherit'];
    const child = spawn(process.execPath, args, { cwd: root, env, stdio, detached: ownGroup });
    running.add(child);
    const printed = [];
    if (beside) {
      yieldToOthers(child.pid);
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk));
    }
    const limit = setTimeout(() => {
      process.stderr.write(`stopped after ${limitMs / 60_000} minutes\n`);
      stop(child);
    }, limitMs);
    const settle = (exitCode) => {
      clearTimeout(limit);
      signal(child, 'SIGKILL'); // what the suite may have left behind in its group
      running.delete(child);
      process.stdout.write(Buffer.concat(printed));
      resolve(exitCode);
    };
    child.once('error', () => settle(1));
    // Of what is kept until the end the last may come after the exit.
    child.once(beside ? 'close' : 'exit', (code) => settle(code ?? 1));
  });
}

/** A tenth of a busy processor stays. Linux shares the processors among groups of processes first, and the priority counts only within one. */
function yieldToOthers(pid) {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
    writeFileSync(`/proc/${pid}/autogroup`, `${constants.priority.PRIORITY_BELOW_NORMAL}`);
  } catch {
    // It takes its share then.
  }
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
