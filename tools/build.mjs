// Builds what a checkout runs: the command and its server by tsc, the page by Vite. What these say goes to standard error.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = join(root, 'dist/page/index.html');
/** As old as the newest source that the last build has seen. tsc itself leaves files alone whose text would not change. */
const serverStamp = join(root, 'dist/node/.built');

/** Whatever each is made of; a folder stands for all in it. */
const pageSources = ['src', 'workers', 'public', 'index.html', 'vite.config.ts', 'tsconfig.base.json', 'package.json', 'package-lock.json'];
const serverSources = [
  'src/core',
  'src/peer',
  'src/platform',
  'workers/kernel',
  'signaling',
  'cli',
  'tsconfig.base.json',
  'package-lock.json',
];
const simulatorStamp = join(root, 'dist/node/.built-sim');
const simulatorSources = ['src/core', 'src/peer', 'src/platform', 'src/sim', 'workers/kernel', 'tsconfig.base.json', 'package-lock.json'];

/** Compiles the command and its server to dist/node. */
export function buildServer() {
  buildKernel();
  const newest = newestOf(serverSources);
  run('node_modules/typescript/bin/tsc', ['-b', 'cli']);
  writeFileSync(serverStamp, '');
  utimesSync(serverStamp, new Date(), new Date(newest));
}

/** Whether anything it is made of has changed since buildServer. Looking takes milliseconds, asking tsc most of a second. */
export function serverIsStale() {
  return isOlder(serverStamp, serverSources);
}

/** Compiles the simulator, and what it takes of Node, to dist/node. */
export function buildSimulator() {
  buildKernel();
  const newest = newestOf(simulatorSources);
  run('node_modules/typescript/bin/tsc', ['-b', 'src/sim', 'src/platform/node']);
  writeFileSync(simulatorStamp, '');
  utimesSync(simulatorStamp, new Date(), new Date(newest));
}

/** Whether anything it is made of has changed since buildSimulator. */
export function simulatorIsStale() {
  return isOlder(simulatorStamp, simulatorSources);
}

/** Builds the page to dist/page. */
export function buildPage() {
  buildKernel();
  run('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn']);
}

/** Whether the page is missing, or older than anything it is made of. */
export function pageIsStale() {
  return isOlder(page, pageSources);
}

/** Assembles the WebAssembly that both carry. */
function buildKernel() {
  run('workers/kernel/build.mjs', []);
}

function isOlder(built, sources) {
  // Times that are set lose what is below a millisecond.
  return !existsSync(built) || newestOf(sources) >= statSync(built).mtimeMs + 1;
}

function newestOf(sources) {
  return Math.max(...sources.map((source) => newestMs(join(root, source))));
}

/** Latest change at or below a path, ms; a folder counts too, so that a removed file is seen. */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), stats.mtimeMs);
}

/** Runs a tool of node_modules; ends this program when it fails, since it has said why. */
function run(script, args) {
  const { status, error } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: ['inherit', 2, 2] });
  if (error) throw error;
  if (status !== 0) process.exit(1);
}
