// Gets what a fresh machine lacks, before `npm start` and `npm test`. Uses nothing but Node, since nothing else may be there yet.
//   node tools/ensure.mjs             the packages
//   node tools/ensure.mjs --browser   the packages and a Chromium
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from './chromium.mjs';
import { ensurePackages } from './packages.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const oldestNode = [20, 19];
/** Debian's packages of Chromium: the one without a window is smaller, and not in every release. */
const packages = ['chromium-headless-shell', 'chromium'];

requireNode();
ensurePackages(say);
if (process.argv.includes('--browser')) await ensureBrowser();

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`Node ${process.versions.node} is too old: Shoal needs ${oldestNode.join('.')} or newer, from nodejs.org or your package manager.`);
}

/** A Chromium of the system, else one from its package manager where that is possible, else Playwright's own. */
async function ensureBrowser() {
  if (chromiumPath() || playwrightHasChromium()) return;
  if (mayInstallSystemPackages()) {
    say('Installing Chromium (apt-get).');
    if (run('apt-get', ['update', '-qq']) && packages.some((name) => run('apt-get', ['install', '-y', '-qq', name]) && chromiumPath()))
      return;
    say('The system has no Chromium to install; trying Playwright.');
  }
  say('Downloading Chromium (Playwright).');
  if (run(process.execPath, [join(root, 'node_modules/playwright/cli.js'), 'install', 'chromium']) && playwrightHasChromium()) return;
  const hidden = process.env.SHOAL_NO_SYSTEM_CHROMIUM ? ' (SHOAL_NO_SYSTEM_CHROMIUM hides those of the system)' : '';
  fail(`The tests need Chromium and none could be had${hidden}: put \`chromium\` on the PATH by your package manager, then try again.`);
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
