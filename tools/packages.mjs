// The packages of a checkout. Uses nothing but Node, since nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Installs unless what is there is what the lock file names, by whatever command it got there. Ends the process when it cannot. `say` takes a line. */
export function ensurePackages(say) {
  if (packagesMatchLock()) return;
  say('Installing the packages (npm ci).');
  if (runNpm(['ci', '--no-audit', '--no-fund'])) return;
  process.stderr.write('shoal: The packages could not be installed: npm says why above. Check the network, then try again.\n');
  process.exit(1);
}

/**
 * npm ends each installation by noting in node_modules what it put there. Compared by that note, an interrupted installation counts as
 * none. Optional packages are those of other platforms: they may be absent, but not of another version.
 */
function packagesMatchLock() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    const found = installed[path];
    return path === '' || (found ? found.version === version : optional === true || devOptional === true);
  });
}

/** The packages in a lock file by their path, or undefined when there is no such file. */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** The npm that runs us, if one does: on Windows it is no program that can be started by name. Our standard output is not npm's. */
function runNpm(args) {
  const npm = process.env.npm_execpath;
  const [program, all] = npm ? [process.execPath, [npm, ...args]] : ['npm', args];
  return spawnSync(program, all, { cwd: root, stdio: ['inherit', 2, 2] }).status === 0;
}
