// Builds what a checkout runs: the command with its server and the page by Vite, what runs module by module by tsc. What these say goes to
// standard error.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = join(root, 'dist/page/index.html');
/** As old as the newest source that the last build has seen. */
const serverStamp = join(root, 'dist/command/.built');

/** Whatever each is made of; a folder stands for all in it. */
const pageSources = ['src', 'workers', 'public', 'index.html', 'vite.config.ts', 'tsconfig.base.json', 'package.json', 'package-lock.json'];
const serverSources = [
  'src/core',
  'src/figures',
  'src/peer',
  'src/platform',
  'workers/kernel',
  'signaling',
  'cli',
  'vite.command.config.ts',
  'package.json',
  'package-lock.json',
];
const modulesStamp = join(root, 'dist/node/.built-sim');
const moduleSources = ['src/core', 'src/peer', 'src/platform', 'src/sim', 'workers/kernel', 'tsconfig.base.json', 'package-lock.json'];

/** Builds the command and its server to dist/command. */
export function buildServer() {
  buildKernel();
  const newest = newestOf(serverSources);
  run('node_modules/vite/bin/vite.js', ['build', '--config', 'vite.command.config.ts', '--logLevel', 'warn']);
  writeFileSync(serverStamp, '');
  utimesSync(serverStamp, new Date(), new Date(newest));
}

/** Whether anything it is made of has changed since buildServer. Looking takes milliseconds, building a second. */
export function serverIsStale() {
  return isOlder(serverStamp, serverSources);
}

/** Compiles what runs module by module, the simulator and the ends of benches, to dist/node. */
export function buildModules() {
  buildKernel();
  const newest = newestOf(moduleSources);
  run('node_modules/typescript/bin/tsc', ['-b', 'src/sim', 'src/platform/node']);
  writeFileSync(modulesStamp, '');
  utimesSync(modulesStamp, new Date(), new Date(newest));
}

/** Whether anything it is made of has changed since buildModules. */
export function modulesAreStale() {
  return isOlder(modulesStamp, moduleSources);
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
