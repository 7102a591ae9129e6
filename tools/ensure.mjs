// Gets what a fresh machine lacks, before `npm start` and `npm test`. Uses nothing but Node, since nothing else may be there yet.
//   node tools/ensure.mjs             the packages
//   node tools/ensure.mjs --browser   the packages and a Chromium
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from './chromium.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const oldestNode = [20, 19];

requireNode();
ensurePackages();
if (process.argv.includes('--browser')) await ensureBrowser();

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`Node ${process.versions.node} is too old: Shoal needs ${oldestNode.join('.')} or newer, from nodejs.org or your package manager.`);
}

/** Installs when node_modules is missing or was made from another lock file; a stamp inside it tells from which. */
function ensurePackages() {
  const stamp = join(root, 'node_modules/.shoal-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing the packages (npm ci).');
  if (!runNpm(['ci', '--no-audit', '--no-fund']))
    fail('The packages could not be installed: npm says why above. Check the network, then try again.');
  writeFileSync(stamp, wanted);
}

/** The npm that runs us, if one does: on Windows it is no program that can be started by name. */
function runNpm(args) {
  const npm = process.env.npm_execpath;
  return npm ? run(process.execPath, [npm, ...args]) : run('npm', args);
}

/** A Chromium of the system, else one from its package manager where that is possible, else Playwright's own. */
async function ensureBrowser() {
  if (chromiumPath() || playwrightHasChromium()) return;
  if (mayInstallSystemPackages()) {
    say('Installing Chromium (apt-get).');
    if (run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', 'chromium']) && chromiumPath()) return;
    say('The system has no Chromium to install; trying Playwright.');
  }
  say('Downloading Chromium (Playwright).');
  if (run(process.execPath, [join(root, 'node_modules/playwright/cli.js'), 'install', 'chromium']) && playwrightHasChromium()) return;
  fail(
    'There is no Chromium, which the tests need, and none could be had: install one with your package manager so that `chromium` is on the PATH, then try again.',
  );
}

function mayInstallSystemPackages() {
  if (process.env.SHOAL_NO_SYSTEM_CHROMIUM || process.getuid?.() !== 0) return false;
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

function playwrightHasChromium() {
  try {
    return existsSync(createRequire(import.meta.url)('playwright').chromium.executablePath());
  } catch {
    return false;
  }
}

function run(program, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', env }).status === 0;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function fail(line) {
  process.stderr.write(`shoal: ${line}\n`);
  process.exit(1);
}
