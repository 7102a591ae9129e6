// Runs the command from a checkout: installs the packages and builds what is missing or out of date first. Standard output is the command's.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildPage, buildServer, pageIsStale, serverIsStale } from './build.mjs';
import { ensurePackages } from './packages.mjs';

export const root = fileURLToPath(new URL('../', import.meta.url));
const built = new URL('../dist/command/run.js', import.meta.url);
const bundler = new URL('../node_modules/vite/package.json', import.meta.url);
const installed = new URL('../node_modules/.package-lock.json', import.meta.url);

/** Runs `shoal ARGS`; `defaults` are what counts where nobody sets anything. Ends the process. */
export async function runInCheckout(args, defaults = {}) {
  // Installed for use only (npm ci --omit=dev) and built: there is nothing to build it with, and no need.
  const asIs = existsSync(built) && existsSync(installed) && !existsSync(bundler);
  if (!asIs) {
    ensurePackages(say);
    if (serverIsStale()) buildServer();
  }
  endWithParent();
  const { run } = await import(built.href);
  await run(args, { defaults, ...(asIs ? {} : { preparePage }) });
}

function preparePage() {
  if (!pageIsStale()) return;
  say('Building the page.');
  buildPage();
}

/** Between npm and us stands a shell that dies of the signal which ends npm and passes nothing on: once it is gone, we end too. */
function endWithParent() {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 500).unref();
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
