import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SignalingClient, testKey } from '../test/signaling-client.ts';
import { createServer, type Server } from './server.ts';

const files = {
  'index.html': '<!doctype html><title>Shoal</title>',
  'service.worker.js': 'self.x = 1;',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'assets/index-Bq3xY_9a.js': 'export {};',
  'assets/peer.worker-C0ffee12.js': 'export {};',
  '.hidden': 'secret',
};

let folder: string;
let server: Server;
const get = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, server.url), init);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-page-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'page', name), text);
  await writeFile(join(folder, 'outside.txt'), 'secret');
  server = await createServer({ host: '127.0.0.1', port: 0, logLevel: 'silent' }, { page: join(folder, 'page'), version: '1.2.3' });
  await server.listen();
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('the page', () => {
  test('[WEB-1] is at / with its type', async () => {
    const answer = await get('/');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await answer.text()).toBe(files['index.html']);
  });

  test.each(['/', '/assets/peer.worker-C0ffee12.js', '/service.worker.js', '/healthz', '/nowhere', '/signaling'])(
    '[WEB-2] %s carries the security headers',
    async (path) => {
      const { headers } = await get(path);
      const policy = new Map(
        (headers.get('content-security-policy') ?? '').split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1)]),
      );
      expect(policy.get('default-src')).toEqual(["'none'"]);
      expect(policy.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
      expect(policy.get('worker-src')).toEqual(["'self'"]);
      expect(policy.get('style-src')).toEqual(["'self'"]);
      expect(policy.get('connect-src')).toEqual(["'self'"]);
      expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
      expect(policy.get('base-uri')).toEqual(["'none'"]);
      expect(policy.get('form-action')).toEqual(["'none'"]);
      expect([...policy.values()].flat()).not.toContain("'unsafe-inline'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
    },
  );

  test.each([
    ['/assets/index-Bq3xY_9a.js', 'public, max-age=31536000, immutable'],
    ['/', 'no-cache'],
    ['/service.worker.js', 'no-cache'],
    ['/icon.svg', 'no-cache'],
    ['/healthz', 'no-store'],
  ])('[WEB-3] %s is cached as %s', async (path, cacheControl) => {
    expect((await get(path)).headers.get('cache-control')).toBe(cacheControl);
  });

  test('[WEB-3] the service worker may serve the whole origin, other scripts not', async () => {
    expect((await get('/service.worker.js')).headers.get('service-worker-allowed')).toBe('/');
    expect((await get('/assets/peer.worker-C0ffee12.js')).headers.get('service-worker-allowed')).toBeNull();
  });

  test.each(['/nowhere', '/assets/', '/.hidden', '/..%2foutside.txt', '/%2e%2e/outside.txt', '/assets/..%2f..%2foutside.txt'])(
    '[WEB-4] %s is refused in words',
    async (path) => {
      const answer = await get(path);
      expect([403, 404]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(await answer.text()).toMatch(/^[A-Z].*\.\n$/);
    },
  );

  test('[WEB-4] what is no reading is refused', async () => {
    expect((await get('/', { method: 'POST', body: 'x' })).status).toBeGreaterThanOrEqual(400);
    expect((await get('/', { method: 'POST', body: 'x'.repeat(1_025) })).status).toBe(413);
    expect((await get('/signaling')).status).toBe(426);
  });
});

test('[WEB-5] /healthz tells version, whole seconds since the start, and the peers that have joined', async () => {
  const client = new SignalingClient(server.url);
  await client.join(testKey(), 'one');
  const health = (await (await get('/healthz')).json()) as { uptimeS: number };
  expect(health).toEqual({ ok: true, version: '1.2.3', uptimeS: expect.any(Number), peers: 1 });
  expect(Number.isInteger(health.uptimeS)).toBe(true);
  client.socket.close();
});
