import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

let folder: string;
const at = (path: string): string => join(folder, path);

/** Runs the script in a fresh checkout whose npm, apt-get and Playwright only note that they were called. */
function ensure(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): { status: number | null; err: string; calls: string[] } {
  rmSync(at('calls'), { force: true });
  const { status, stderr } = spawnSync(process.execPath, [at('tools/ensure.mjs'), ...args], {
    encoding: 'utf8',
    env: { PATH: at('bin'), npm_execpath: at('npm.mjs'), ...env },
  });
  const calls = existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : [];
  return { status, err: stderr, calls };
}

/** A program that notes its call, then does `then` (source text with `fs` and `root`). */
function notes(name: string, then = ''): string {
  return [
    `const fs = await import('node:fs'); const root = ${JSON.stringify(folder)};`,
    `fs.appendFileSync(root + '/calls', ${JSON.stringify(name)} + ' ' + process.argv.slice(2).join(' ') + '\\n');`,
    then,
  ].join('\n');
}

/** A lock file with one package of this version, and one for another platform. */
function lock(version: string): void {
  const packages = { '': {}, 'node_modules/playwright': { version }, 'node_modules/elsewhere': { version, optional: true } };
  writeFileSync(at('package-lock.json'), JSON.stringify({ packages }));
}

function program(name: string, source: string): void {
  writeFileSync(at(`bin/${name}.mjs`), source);
  writeFileSync(at(`bin/${name}`), `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(at(`bin/${name}.mjs`))} "$@"\n`);
  chmodSync(at(`bin/${name}`), 0o755);
}

// Each test starts programs.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-ensure-'));
  mkdirSync(at('bin'));
  mkdirSync(at('tools'));
  for (const name of ['ensure.mjs', 'packages.mjs', 'chromium.mjs'])
    cpSync(fileURLToPath(new URL(name, import.meta.url)), at(`tools/${name}`));
  lock('1.0.0');
  const browser = JSON.stringify({ name: 'playwright', main: 'index.cjs' });
  const playwright = `exports.chromium = { executablePath: () => ${JSON.stringify(at('chrome'))} };`;
  writeFileSync(
    at('npm.mjs'),
    notes(
      'npm',
      `fs.mkdirSync(root + '/node_modules/playwright', { recursive: true });
       fs.writeFileSync(root + '/node_modules/playwright/package.json', ${JSON.stringify(browser)});
       fs.writeFileSync(root + '/node_modules/playwright/index.cjs', ${JSON.stringify(playwright)});
       fs.copyFileSync(root + '/playwright.mjs', root + '/node_modules/playwright/cli.js');
       const { packages } = JSON.parse(fs.readFileSync(root + '/package-lock.json', 'utf8'));
       delete packages['node_modules/elsewhere'];
       fs.writeFileSync(root + '/node_modules/.package-lock.json', JSON.stringify({ packages }));`,
    ),
  );
  writeFileSync(
    at('playwright.mjs'),
    `import('node:fs').then((fs) => fs.appendFileSync(${JSON.stringify(at('calls'))}, 'playwright\\n'));`,
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('packages', () => {
  test('[ENS-1] are installed once per lock file', () => {
    expect(ensure()).toMatchObject({ status: 0, calls: ['npm ci --no-audit --no-fund'] });
    expect(ensure()).toMatchObject({ status: 0, calls: [] });
    lock('2.0.0');
    expect(ensure().calls).toHaveLength(1);
    expect(ensure().calls).toHaveLength(0);
    rmSync(at('node_modules'), { recursive: true });
    expect(ensure().calls).toHaveLength(1);
  });

  test('[ENS-1] of an interrupted installation are installed again', () => {
    mkdirSync(at('node_modules/playwright'), { recursive: true });
    expect(ensure().calls).toHaveLength(1);
  });

  test('[ENS-2] that cannot be installed are said in one line, and tried again next time', () => {
    writeFileSync(at('npm.mjs'), notes('npm', 'process.exit(1);'));
    expect(ensure()).toMatchObject({ status: 1, err: expect.stringMatching(/^shoal: The packages could not be installed: .*\n$/) });
    expect(ensure().calls).toHaveLength(1);
  });
});

describe('a browser', () => {
  test.each(['chromium-headless-shell', 'chromium'])('[ENS-3] on the PATH is enough: %s', (name) => {
    program(name, '');
    expect(ensure(['--browser']).calls).toEqual(['npm ci --no-audit --no-fund']);
  });

  test.runIf(process.getuid?.() === 0).each(['chromium-headless-shell', 'chromium'])(
    '[ENS-3] comes from the package manager where we may use it: %s',
    (only) => {
      const installs = `if (process.argv.at(-1) === '${only}') fs.writeFileSync(root + '/bin/${only}', '');
        else if (process.argv[2] === 'install') process.exit(100);`;
      program('apt-get', notes('apt-get', installs));
      const { status, calls } = ensure(['--browser']);
      expect(status).toBe(0);
      expect(calls.slice(1, 3)).toEqual(['apt-get --version', 'apt-get update -qq']);
      expect(calls.at(-1)).toBe(`apt-get install -y -qq ${only}`);
    },
  );

  test('[ENS-4] of the system is hidden by SHOAL_NO_SYSTEM_CHROMIUM, its package manager too', () => {
    program('chromium', '');
    program('apt-get', notes('apt-get'));
    const { calls } = ensure(['--browser'], { SHOAL_NO_SYSTEM_CHROMIUM: '1' });
    expect(calls).toEqual(['npm ci --no-audit --no-fund', 'playwright']);
  });

  test('[ENS-4] that could not be had is said in one line', () => {
    const { status, err } = ensure(['--browser'], { SHOAL_NO_SYSTEM_CHROMIUM: '1' });
    expect(status).toBe(1);
    expect(err).toMatch(/^shoal: The tests need Chromium and none could be had \(SHOAL_NO_SYSTEM_CHROMIUM.*\n$/);
  });
});
