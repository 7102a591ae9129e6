import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { endAll, jsonOf, mainFile, run } from './run.testing.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-frame-'));
});

afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

/** A bash whose standard input is a socket takes itself for one of rsh, and reads the developer's settings. */
const bare = ['--norc', '--noprofile'];

const env = (): Record<string, string> => ({ SHOAL_HOME: join(folder, 'home') });
const commands = [
  'put',
  'get',
  'ls',
  'stat',
  'verify',
  'peer',
  'status',
  'peers',
  'inspect',
  'identity',
  'serve',
  'encode',
  'decode',
  'config',
  'completion',
];

describe('help', () => {
  test('[CLI-8] opens with examples and lists every command under a heading', async () => {
    const { status, stdout, stderr } = await run(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Examples:\n {2}shoal put /);
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('[CLI-8] of one command opens with examples and names the variables', async () => {
    const { status, stdout } = await run(['config', 'print', '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Examples:\n {2}shoal config print/);
    for (const name of ['--port <NUMBER>', 'SHOAL_PORT', 'SHOAL_TLS_CERT', 'SHOAL_LIMITS', '--config <FILE>'])
      expect(stdout).toContain(name);
  });

  test('[CLI-8] without a command it is on standard error, and status 2', async () => {
    const { status, stdout, stderr } = await run([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Examples:/);
  });

  test('[CLI-8] --version prints the version alone', async () => {
    expect(await run(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('a wrong call', () => {
  test.each([
    [['srve'], /^shoal: unknown command 'srve'; did you mean serve\?\n$/],
    [['config', 'print', '--prot', '1'], /^shoal: unknown option '--prot'; did you mean --port\?\n$/],
    [['config', 'print', '--port'], /^shoal: option '--port <NUMBER>' argument missing \(--help shows what there is\)\n$/],
    [['config', 'print', 'extra'], /^shoal: too many arguments for 'print'.*\n$/],
    [['serve', '--port', 'many'], /^shoal: --port wants a whole number from 0 to 65535\n$/],
    [['config', 'print', '--log-level', 'loud'], /^shoal: option '--log-level <LEVEL>' argument 'loud' is invalid.*\n$/],
    [['config', 'prnt'], /^shoal: unknown command 'prnt'; did you mean print\?\n$/],
    [['completion', 'tcsh'], /^shoal: command-argument value 'tcsh' is invalid.*bash, zsh, fish.*\n$/],
    [['identity', '--config', '/nowhere/at/all.toml'], /^shoal: .*there is no such configuration file\n$/],
  ])('[CLI-3] %j is one line and nothing else', async (args, words) => {
    const { status, stdout, stderr } = await run(args, { env: env() });
    expect(stderr).toMatch(words);
    expect(stdout).toBe('');
    expect([2, 3]).toContain(status);
  });

  test('[CLI-2] is status 2, what is not there status 3', async () => {
    const [wrong, missing] = await Promise.all([run(['srve']), run(['config', 'check', join(folder, 'none.toml')])]);
    expect([wrong.status, missing.status]).toEqual([2, 3]);
  });
});

describe('output', () => {
  test('[CLI-7] whose reader goes away ends it quietly with 141', () => {
    const script = `'${process.execPath}' '${mainFile}' config print --effective | true; echo "\${PIPESTATUS[0]}"`;
    // The reader may be gone before or after all is written: what is written in time is delivered, and then the status is 0.
    const endings = Array.from({ length: 3 }, () =>
      spawnSync('bash', [...bare, '-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env() } }),
    );
    expect(endings.map(({ stderr }) => stderr)).toEqual(['', '', '']);
    expect(endings.map(({ stdout }) => stdout.trim())).toContain('141');
  });

  test('[CLI-5] has no colors where it is no terminal, whatever TERM says', async () => {
    const { stdout } = await run(['--help'], { env: { TERM: 'xterm-256color', FORCE_COLOR: '1' } });
    expect(stdout).not.toContain('\u001B');
  });
});

describe('identity', () => {
  test('[CLI-13] makes a key at first use and says so, then shows the same', async () => {
    const home = join(folder, 'new');
    const first = await run(['identity', '--home', home]);
    expect(first.stderr).toContain('a new one is in');
    const again = await run(['identity', '--home', home, '--json']);
    expect(again).toMatchObject({ status: 0, stderr: '' });
    const shown = jsonOf(again) as Record<'schema' | 'node' | 'publicKey' | 'keyFile', string>;
    expect(shown).toMatchObject({ schema: 'shoal.identity/1', keyFile: join(home, 'node.key'), mode: '0600', created: false });
    expect(shown.node).toMatch(/^[0-9a-f]{64}$/);
    expect(first.stdout).toBe(
      `node        ${shown.node}\npublic key  ${shown.publicKey}\nkey file    ${shown.keyFile}\nmode        0600\n`,
    );
    expect(statSync(join(home, 'node.key')).mode & 0o777).toBe(0o600);
  });

  test('[CLI-13] says what is wrong with a home or a key, in one line', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'damaged'));
    writeFileSync(join(folder, 'damaged/node.key'), 'x', { mode: 0o600 });
    mkdirSync(join(folder, 'open'));
    writeFileSync(join(folder, 'open/node.key'), `${'ab'.repeat(32)}\n`, { mode: 0o644 });
    const ends = await Promise.all(['file', 'damaged', 'open'].map((home) => run(['identity', '--home', join(folder, home)])));
    expect(ends.map(({ status }) => status)).toEqual([2, 6, 5]);
    for (const { stdout, stderr } of ends) {
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^shoal: .+\n$/);
    }
  });
});

describe('completion', () => {
  let script: string;

  beforeAll(async () => {
    script = join(folder, 'completion.bash');
    writeFileSync(script, (await run(['completion', 'bash'])).stdout);
  });

  /** What a real bash offers after this line. */
  function offered(...words: readonly string[]): string[] {
    const lines = [
      `source '${script}'; complete -p shoal >/dev/null`,
      `COMP_WORDS=(shoal ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}`,
      '_shoal; printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n');
    const options = { encoding: 'utf8', cwd: folder, env: { PATH: process.env.PATH } } as const;
    const { stdout, stderr, status } = spawnSync('bash', [...bare, '-c', lines], options);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout.split('\n').filter((line) => line !== '');
  }

  test('[CLI-14] in bash offers commands, options, words and files', () => {
    mkdirSync(join(folder, 'some folder'));
    writeFileSync(join(folder, 'some file'), '');
    expect(offered('se')).toEqual(['serve']);
    expect(offered('')).toEqual(expect.arrayContaining(commands));
    expect(offered('config', '')).toEqual(['print', 'check']);
    expect(offered('--config', 'config', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(offered('serve', '--po')).toEqual(['--port']);
    expect(offered('serve', '--log-level', 'wa')).toEqual(['warn']);
    expect(offered('serve', '--log-level', '=', 'wa')).toEqual(['warn']);
    expect(offered('--config', 'some')).toEqual(expect.arrayContaining(['some file', 'some folder']));
    expect(offered('serve', '--home', 'some')).toEqual(['some folder']);
    expect(offered('config', 'check', 'some f')).toHaveLength(2);
    expect(offered('serve', '--port', '')).toEqual([]);
  });
});
