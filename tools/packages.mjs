// The packages of a checkout. Uses nothing but Node, since nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Installs the packages of the checkout where they are not there. Ends the process when it cannot. `say` takes a line. */
export function ensurePackages(say) {
  if (installPackages(say)) return;
  process.stderr.write('shoal: The packages could not be installed: npm says why above. Check the network, then try again.\n');
  process.exit(1);
}

/**
 * Installs in a folder unless what is there is what its lock file names, by whatever command it got there. Returns whether it is there
 * now; npm has said why not. `more` goes to npm.
 */
export function installPackages(say, folder = '.', more = []) {
  if (packagesMatchLock(folder)) return true;
  say(folder === '.' ? 'Installing the packages (npm ci).' : `Installing the packages of ${folder} (npm ci).`);
  return runNpm(['ci', '--no-audit', '--no-fund', ...more], folder);
}

/**
 * npm ends each installation by noting in node_modules what it put there. Compared by that note, an interrupted installation counts as
 * none. Optional packages are those of other platforms: they may be absent, but not of another version.
 */
function packagesMatchLock(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(join(folder, 'node_modules/.package-lock.json'));
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
function runNpm(args, folder) {
  const npm = process.env.npm_execpath;
  const [program, all] = npm ? [process.execPath, [npm, ...args]] : ['npm', args];
  return spawnSync(program, all, { cwd: join(root, folder), stdio: ['inherit', 2, 2] }).status === 0;
}
