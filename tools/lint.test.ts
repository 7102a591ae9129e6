import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floors, homes } from './tidy/edges.ts';
import { root } from './tidy/sources.ts';

/** Files that break the house rules, each with the rules it breaks: what lint does not see here it would not see anywhere. */
const broken: Record<string, { text: string; rules: string[] }> = {
  'src/core/port.ts': { text: 'export interface Port { save(): Promise<void>; run(job: () => void): void }\n', rules: [] },
  'src/core/floating.ts': {
    text: "import type { Port } from './port.ts';\nexport function f(port: Port): void {\n  port.save();\n  port.run(async () => await port.save());\n}\n",
    rules: ['typescript(no-floating-promises)', 'typescript(no-misused-promises)'],
  },
  'src/platform/browser/database.ts': {
    text: "import { openDB } from 'idb';\nexport function f(): void {\n  openDB('x', 1);\n}\n",
    rules: ['typescript(no-floating-promises)'],
  },
  'src/core/clock.ts': { text: 'export const now = (): number => Date.now();\n', rules: ['eslint(no-restricted-globals)'] },
  'src/peer/clock.ts': { text: 'export const later = globalThis;\n', rules: ['eslint(no-restricted-globals)'] },
  'src/peer/random.ts': { text: 'export const random = (): number => Math.random();\n', rules: ['eslint(no-restricted-properties)'] },
  'src/peer/log.ts': { text: "console.log('x');\nexport {};\n", rules: ['eslint(no-console)', 'eslint(no-restricted-globals)'] },
  'src/app/any.ts': { text: 'export const a: any = 1;\n', rules: ['typescript(no-explicit-any)'] },
  'src/app/default.ts': { text: 'export default 1;\n', rules: ['import(no-default-export)'] },
  'src/peer/library.ts': { text: "import { openDB } from 'idb';\nexport const a = openDB;\n", rules: ['eslint(no-restricted-imports)'] },
  'src/ui/screen.ts': { text: "import { a } from '../peer/log.ts';\nexport const b = a;\n", rules: ['eslint(no-restricted-imports)'] },
  'src/peer/Wrong.ts': { text: 'export const a = 1;\n', rules: ['unicorn(filename-case)'] },
  'src/core/fine.test.ts': { text: "import { openDB } from 'idb';\nexport const a = [openDB, Date.now()];\n", rules: [] },
};

interface Report {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
  readonly number_of_files: number;
}

describe('lint', { timeout: 30_000 }, () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shoal-lint-'));
    for (const name of ['.oxlintrc.json', 'tsconfig.base.json']) cpSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    for (const [path, { text }] of Object.entries(broken)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('sees each house rule broken, the ones about promises by their types', async () => {
    const { diagnostics, number_of_files } = JSON.parse(await oxlint(folder, '--format=json')) as Report;
    expect(number_of_files).toBe(Object.keys(broken).length);
    const seen = Object.keys(broken).map((path) => [
      path,
      diagnostics.filter(({ filename }) => filename.replaceAll('\\', '/') === path).map(({ code }) => code),
    ]);
    expect(Object.fromEntries(seen.map(([path, codes]) => [path, [...new Set(codes as string[])].sort()]))).toEqual(
      Object.fromEntries(Object.entries(broken).map(([path, { rules }]) => [path, rules])),
    );
  });

  it('reads the tree: no fewer files than the floors of tidy', async () => {
    const files = (await oxlint(root, '--debug=files')).split('\n').map((path) => path.replaceAll('\\', '/'));
    for (const [prefix, least] of Object.entries(floors.files)) {
      expect(files.filter((path) => path.startsWith(prefix)).length, prefix).toBeGreaterThanOrEqual(least);
    }
  });

  it('knows every library that has a home in tidy, and every home', () => {
    const { rules, overrides } = readConfig();
    const restricted = rules['no-restricted-imports'][1];
    const listed = [...restricted.paths.map(({ name }) => name), ...restricted.patterns.flatMap(({ group }) => group)];
    const named = listed.map((pattern) => pattern.replace(/(?<!^@[a-z]+)\/\*$/, ''));
    expect(new Set(named)).toEqual(new Set(Object.keys(homes).filter((name) => name !== 'node:*')));
    const open = overrides
      .filter(({ rules }) => rules['no-restricted-imports'] === 'off')
      .flatMap(({ files }) => files.map((pattern) => pattern.replace(/\*\*$/, '')));
    const places = Object.entries(homes).flatMap(([name, homesOfName]) => (name === 'node:*' ? [] : homesOfName));
    const closed = places.filter((place) => !open.some((prefix) => place.startsWith(prefix)));
    // The page's screens have a list of their own.
    expect(closed.filter((place) => !place.startsWith('src/ui/'))).toEqual([]);
  });
});

/** What oxlint says of a folder by the configuration in it. */
function oxlint(cwd: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = join(root, 'node_modules/oxlint/bin/oxlint');
    execFile(process.execPath, [program, ...args], { cwd }, (_, stdout, stderr) => (stdout ? resolve(stdout) : reject(new Error(stderr))));
  });
}

interface Config {
  readonly rules: {
    readonly 'no-restricted-imports': [string, { readonly paths: { name: string }[]; readonly patterns: { group: string[] }[] }];
  };
  readonly overrides: { readonly files: string[]; readonly rules: Record<string, unknown> }[];
}

function readConfig(): Config {
  const text = readFileSync(join(root, '.oxlintrc.json'), 'utf8');
  return JSON.parse(text.replace(/(^|[\s,])\/\/.*$/gm, '$1')) as Config;
}
