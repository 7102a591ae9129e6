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

describe('lint', () => {
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
    const { diagnostics, number_of_files } = await lint(folder);
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
    const least = Object.values(floors.files).reduce((sum, count) => sum + count, 0);
    expect((await lint(root)).number_of_files).toBeGreaterThanOrEqual(least);
  });

  it('knows every library that has a home in tidy, and every home', () => {
    const { rules, overrides } = readConfig();
    const restricted = rules['no-restricted-imports'][1];
    const listed = [...restricted.paths.map(({ name }) => name), ...restricted.patterns.flatMap(({ group }) => group)];
    const named = listed.map((pattern) => pattern.replace(/(?<!^@[a-z]+)\/\*$/, ''));
    expect(new Set(named)).toEqual(new Set(Object.keys(homes).filter((name) => name !== 'node:*')));
    const open = overrides.filter(({ rules }) => rules['no-restricted-imports'] === 'off').flatMap(({ files }) => files);
    const places = new Set(Object.entries(homes).flatMap(([name, places]) => (name === 'node:*' ? [] : places)));
    for (const place of places) {
      if (place !== 'src/ui/' && place !== 'src/platform/node/') expect(open).toContain(place.endsWith('/') ? `${place}**` : place);
    }
  });
});

/** Runs oxlint over a folder by its configuration. */
function lint(cwd: string): Promise<Report> {
  return new Promise((resolve, reject) => {
    const program = join(root, 'node_modules/oxlint/bin/oxlint');
    execFile(process.execPath, [program, '--format=json'], { cwd, maxBuffer: 64 * 1024 * 1024 }, (_, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Report);
      } catch {
        reject(new Error(`oxlint wrote no report: ${stdout}${stderr}`));
      }
    });
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
