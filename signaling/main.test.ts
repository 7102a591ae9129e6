import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SignalingClient, testKey } from '../test/signaling-client.ts';
import { selfSigned } from '../test/self-signed.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const main = join(root, 'dist/node/signaling/main.js');
const running: ChildProcess[] = [];
let folder: string;

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the program. `url` is resolved when it has said where it runs. */
function run(...args: string[]): { child: ChildProcess; url: Promise<string>; said: Promise<string>; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
  running.push(child);
  let [out, err] = ['', ''];
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => (out += `${line}\n`));
  const said = new Promise<string>((resolve) => lines.on('line', (line) => line === 'Ctrl-C ends it.' && resolve(out)));
  const url = said.then((text) => /Shoal runs at (\S+)/.exec(text)![1]!);
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, out, err }));
  return { child, url, said, ended };
}

// Each test starts programs.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(async () => {
  const built = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'signaling'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(built.stdout).toBe('');
  folder = await mkdtemp(join(tmpdir(), 'shoal-main-'));
}, 60_000);

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  if (folder) await rm(folder, { recursive: true });
});

describe('the program', () => {
  test('[CMD-4] it says where it runs; Ctrl-C tells the sockets and ends it with status 0', async () => {
    const { child, url, ended } = run('--port', '0');
    const page = await url;
    expect(page).toMatch(/^http:\/\/localhost:\d+\/$/);
    expect(await (await fetch(new URL('healthz', page))).json()).toMatchObject({ ok: true, version: '0.1.0' });
    const client = new SignalingClient(page);
    await client.join(testKey(), 'one');
    child.kill('SIGINT');
    expect((await client.closed).code).toBe(1001);
    expect(await ended).toMatchObject({ status: 0, out: expect.stringContaining('Ending.') });
  });

  test('[CMD-4] one Ctrl-C that arrives twice, as under npm, is one', async () => {
    const { child, url, ended } = run('--port', '0');
    const deaf = new SignalingClient(await url);
    await deaf.join(testKey(), 'one');
    // It never hears the goodbye, so that the end takes its full time.
    deaf.socket.pause();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await ended).status).toBe(0);
    deaf.socket.terminate();
  });

  test('[CMD-5] a taken port, an unreadable certificate and a foreign address are one line and status 1', async () => {
    const { url } = run('--port', '0');
    const port = new URL(await url).port;
    await writeFile(join(folder, 'empty.pem'), '');
    const cases = [
      [['--port', port], `port ${port} is taken`],
      [['--tls-cert', join(folder, 'none.pem'), '--tls-key', join(folder, 'none.pem')], 'none.pem cannot be read: there is no such file'],
      [['--tls-cert', join(folder, 'empty.pem'), '--tls-key', join(folder, 'empty.pem')], 'not a certificate and its key'],
      [['--host', '192.0.2.1', '--port', '0'], '192.0.2.1 is not an address of this machine'],
    ] as const;
    for (const [args, words] of cases) {
      const { status, out, err } = await run(...args).ended;
      expect({ status, out, lines: err.split('\n').length }).toEqual({ status: 1, out: '', lines: 2 });
      expect(err).toContain(words);
    }
  });

  test('[CMD-2] a wrong call is one line and status 2', async () => {
    const { status, err } = await run('--prot', '1').ended;
    expect(status).toBe(2);
    expect(err).toMatch(/^shoal: .*--prot.*\n$/);
  });

  test('[CMD-6] it warns where browsers would give the page no secure context, and only there', async () => {
    expect(await run('--port', '0').said).not.toContain('Warning');
    expect(await run('--port', '0', '--host', '0.0.0.0').said).toContain('no secure context');
  });

  test('[CMD-6] with a certificate it serves https and does not warn', async () => {
    const { cert, key } = selfSigned();
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    const { said, url } = run('--port', '0', '--host', '0.0.0.0', '--tls-cert', certFile, '--tls-key', keyFile);
    expect(await said).not.toContain('Warning');
    const status = await new Promise((resolve, reject) => {
      url.then(
        (page) => get(new URL('healthz', page), { ca: cert, agent: false }, (answer) => resolve(answer.statusCode)).on('error', reject),
        reject,
      );
    });
    expect(status).toBe(200);
  });
});
