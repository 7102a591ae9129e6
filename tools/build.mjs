// Builds what `npm start` serves: the server by tsc, the page by Vite.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = join(root, 'dist/page/index.html');

/** Whatever the page is made of; a folder stands for all in it. */
const pageSources = ['src', 'workers', 'public', 'index.html', 'vite.config.ts', 'tsconfig.base.json', 'package.json', 'package-lock.json'];

/** Compiles the server to dist/node. tsc itself skips what has not changed. */
export function buildServer() {
  run('node_modules/typescript/bin/tsc', ['-b', 'signaling']);
}

/** Builds the page to dist/page. */
export function buildPage() {
  run('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn']);
}

/** Whether the page is missing, or older than anything it is made of. */
export function pageIsStale() {
  if (!existsSync(page)) return true;
  const builtMs = statSync(page).mtimeMs;
  return pageSources.some((source) => newestMs(join(root, source)) > builtMs);
}

/** Latest change at or below a path, ms; a folder counts too, so that a removed file is seen. */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), stats.mtimeMs);
}

/** Runs a tool of node_modules; ends this program with its status when it fails, since it has said why. */
function run(script, args) {
  const { status, signal, error } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(signal ? 1 : status);
}
