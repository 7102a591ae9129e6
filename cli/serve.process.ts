import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { isLong } from '../test/long.ts';
import { homeOwner } from '../src/platform/node/home.ts';
import { selfSigned } from '../test/self-signed.ts';
import { SignalingClient, testKey } from '../test/signaling-client.ts';
import { endAll, run, type Running, start } from './run.testing.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-serve-'));
});

afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

const env = (): Record<string, string> => ({ SHOAL_HOME: join(folder, 'home') });

/** A server on a free port, once it runs. */
async function serve(...args: readonly string[]): Promise<Running & { readonly url: string }> {
  const running = start(['serve', '--port', '0', ...args], { env: env() });
  const [, url] = await running.says(/^Shoal runs at (\S+)\n/);
  await running.says(/Ctrl-C ends it\.\n/);
  return { ...running, url: url! };
}

describe('serve', () => {
  test('[CMD-4] it says where it runs; Ctrl-C tells the sockets and ends it with status 0', async () => {
    const { child, url, ended } = await serve();
    expect(url).toMatch(/^http:\/\/localhost:\d+\/$/);
    expect(await (await fetch(new URL('healthz', url))).json()).toMatchObject({ ok: true, version: '0.1.0' });
    const client = new SignalingClient(url);
    await client.join(testKey(), 'one');
    child.kill('SIGINT');
    expect((await client.closed).code).toBe(1001);
    expect(await ended).toMatchObject({ status: 0, stdout: `Shoal runs at ${url}\n`, stderr: expect.stringContaining('Ending.\n') });
  });

  test('[CMD-4] SIGTERM ends it too', async () => {
    const { child, ended } = await serve();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 0, signal: null });
  });

  test('[CMD-4, CLI-6] one Ctrl-C that arrives twice, as under npm, is one', async () => {
    const { child, url, ended } = await serve();
    const deaf = await deafClient(url);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await ended).status).toBe(0);
    deaf.socket.terminate();
  });

  test('[CMD-5] a taken port, an unreadable certificate and a foreign address are one line and status 1', async () => {
    const port = new URL((await serve()).url).port;
    writeFileSync(join(folder, 'empty.pem'), '');
    const cases = [
      [['--port', port], `port ${port} is taken`],
      [['--tls-cert', join(folder, 'none.pem'), '--tls-key', join(folder, 'none.pem')], 'none.pem cannot be read: there is no such file'],
      [['--tls-cert', join(folder, 'empty.pem'), '--tls-key', join(folder, 'empty.pem')], 'not a certificate and its key'],
      [['--host', '192.0.2.1', '--port', '0'], '192.0.2.1 is not an address of this machine'],
    ] as const;
    for (const [args, words] of cases) {
      const { status, stdout, stderr } = await run(['serve', ...args], { env: env() });
      expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 1, stdout: '', lines: 2 });
      expect(stderr).toContain(words);
    }
  });

  test('[CMD-6] it warns where browsers would give the page no secure context, and only there', async () => {
    expect((await serve()).stderr()).not.toContain('Warning');
    expect((await serve('--host', '0.0.0.0')).stderr()).toContain('no secure context');
  });

  test('[CMD-6] with a certificate it serves https and does not warn', async () => {
    const { cert, key } = selfSigned();
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    const { url, stderr } = await serve('--host', '0.0.0.0', '--tls-cert', certFile, '--tls-key', keyFile);
    expect(stderr()).not.toContain('Warning');
    const status = await new Promise((resolve, reject) => {
      get(new URL('healthz', url), { ca: cert, agent: false }, (answer) => resolve(answer.statusCode)).on('error', reject);
    });
    expect(status).toBe(200);
  });
});

describe('peers of serve', () => {
  const home = (name: string): string => join(folder, name);
  /** Process of the peer in this home, once it has one, other than `before`. */
  const owner = (path: string, before?: number): Promise<number> =>
    vi.waitFor(
      async () => {
        const pid = await homeOwner(path);
        if (pid === undefined || pid === before) throw new Error('no peer yet');
        return pid;
      },
      { timeout: 30_000, interval: 50 },
    );
  const gone = (path: string): Promise<void> =>
    vi.waitFor(async () => expect(await homeOwner(path)).toBeUndefined(), { timeout: 30_000, interval: 50 });

  test('[CLI-11] are counted, are started again when they die, and end with a server that is killed', async () => {
    const { child, says, ended } = await serve('--peers', '2', '--home', home('two'));
    await says(/^2 peers on this machine keep what you drop\.$/m);
    const [first, second] = [join(home('two'), 'peer-1'), join(home('two'), 'peer-2')];
    const [dies, stays] = await Promise.all([owner(first), owner(second)]);
    process.kill(dies, 'SIGKILL');
    await says(/^peer-1 ended \(SIGKILL\); it is started again in 1 s\.$/m);
    expect(await owner(first, dies)).not.toBe(dies);
    expect(await owner(second)).toBe(stays);
    child.kill('SIGKILL');
    await ended;
    await Promise.all([gone(first), gone(second)]);
  });

  test('[CLI-11] leave in order before the server ends', async () => {
    const { child, says, ended } = await serve('--peers', '1', '--home', home('one'));
    await says(/^1 peer on this machine keeps what you drop\.$/m);
    child.kill('SIGTERM');
    const { status, stderr } = await ended;
    expect(status).toBe(0);
    expect(stderr).toMatch(/Ending\.[^]*peer-1: /);
    expect(stderr).not.toMatch(/is stopped|is started again/);
    expect(await homeOwner(join(home('one'), 'peer-1'))).toBeUndefined();
  });

  test('[CLI-6] a second Ctrl-C ends it at once, with 130', async () => {
    const { child, says, ended } = await serve('--peers', '1', '--home', home('stuck'));
    await says(/^1 peer on this machine/m);
    const peer = await owner(join(home('stuck'), 'peer-1'));
    // It cannot leave, so that the server waits for it.
    process.kill(peer, 'SIGSTOP');
    child.kill('SIGINT');
    await says(/^Ending\.$/m);
    // Sooner it would count as the same one.
    await new Promise((resolve) => setTimeout(resolve, 600));
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    process.kill(peer, 'SIGCONT');
    await gone(join(home('stuck'), 'peer-1'));
  });

  test.runIf(isLong)('[CLI-11] that do not leave within 10 s are stopped', async () => {
    const { child, says, ended } = await serve('--peers', '1', '--home', home('deaf'));
    await says(/^1 peer on this machine/m);
    process.kill(await owner(join(home('deaf'), 'peer-1')), 'SIGSTOP');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 0, stderr: expect.stringContaining('peer-1 did not leave within 10 s and is stopped.') });
  });
});

/** A peer that never hears the goodbye, so that the server's end takes its full time. */
async function deafClient(url: string): Promise<SignalingClient> {
  const client = new SignalingClient(url);
  await client.join(testKey(), 'one');
  client.socket.pause();
  return client;
}
