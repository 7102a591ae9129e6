import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-launcher-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function launch(
  file: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env.PATH, SHOAL_HOME: join(folder, 'home') };
  return spawnSync(process.execPath, [...nodeArgs, file, ...args], { encoding: 'utf8', env, cwd: folder });
}

test('[CLI-9] a Node that is too old is one line and status 1', () => {
  const old = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process.versions, 'node', { value: '20.18.3' })")}`;
  expect(launch(join(root, 'cli/shoal.mjs'), ['--version'], ['--import', old])).toEqual(
    expect.objectContaining({ status: 1, stdout: '', stderr: expect.stringMatching(/^shoal: Node 20\.18\.3 is too old: .*\n$/) }),
  );
});

test('[CLI-9] a package without the tools of a checkout runs as it is, through the link that npm makes', () => {
  const place = join(folder, 'package');
  mkdirSync(join(place, 'dist/command'), { recursive: true });
  cpSync(join(root, 'cli/shoal.mjs'), join(place, 'cli/shoal.mjs'));
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
  writeFileSync(join(place, 'dist/command/main.js'), 'process.stdout.write(JSON.stringify(process.argv.slice(2)));');
  symlinkSync(join(place, 'cli/shoal.mjs'), join(folder, 'shoal'));
  expect(launch(join(folder, 'shoal'), ['get', '-'])).toMatchObject({ status: 0, stdout: '["get","-"]', stderr: '' });
});

test('[CLI-9] a checkout builds what has changed before it runs, and says nothing on standard output', () => {
  const place = join(folder, 'checkout');
  for (const name of ['cli/shoal.mjs', 'tools/checkout.mjs', 'tools/build.mjs', 'tools/packages.mjs'])
    cpSync(join(root, name), join(place, name));
  const lock = JSON.stringify({ packages: { 'node_modules/vite': { version: '1.0.0' } } });
  mkdirSync(join(place, 'node_modules/vite/bin'), { recursive: true });
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
  writeFileSync(join(place, 'package-lock.json'), lock);
  writeFileSync(join(place, 'node_modules/.package-lock.json'), lock);
  writeFileSync(join(place, 'node_modules/vite/package.json'), '{}');
  // In place of the assembler of the kernel.
  mkdirSync(join(place, 'workers/kernel'), { recursive: true });
  writeFileSync(join(place, 'workers/kernel/build.mjs'), "console.log('assembled');");
  // In place of a bundler: notes that it ran, and on standard output that it did.
  const built = "export const run = async (args, { defaults }) => console.log('ran', ...args, JSON.stringify(defaults));";
  writeFileSync(
    join(place, 'node_modules/vite/bin/vite.js'),
    `const fs = require('node:fs');
     console.log('built');
     fs.mkdirSync('dist/command', { recursive: true });
     fs.writeFileSync('dist/command/run.js', ${JSON.stringify(built)});`,
  );
  const program = join(place, 'cli/shoal.mjs');
  const ran = { status: 0, stdout: 'ran ls --json {}\n' };
  expect(launch(program, ['ls', '--json'])).toMatchObject({ ...ran, stderr: 'assembled\nbuilt\n' });
  expect(launch(program, ['ls', '--json'])).toMatchObject({ ...ran, stderr: '' });
  writeFileSync(join(place, 'cli/run.ts'), '');
  expect(launch(program, ['ls', '--json'])).toMatchObject({ ...ran, stderr: 'assembled\nbuilt\n' });
  rmSync(join(place, 'cli/run.ts'));
  expect(launch(program, ['ls', '--json'])).toMatchObject({ ...ran, stderr: 'assembled\nbuilt\n' });
});
