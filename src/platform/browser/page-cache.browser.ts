import { beforeEach, describe, expect, test } from 'vitest';
import { pageCache, pageCachePrefix } from './page-cache.ts';

const scope = 'https://shoal.example/';
const build = { hash: 'one', files: ['/', '/assets/index-1.js', '/icon.svg'] };
const request = (path: string, more: Partial<Request> = {}) => ({
  url: new URL(path, scope).href,
  method: 'GET',
  mode: 'no-cors' as RequestMode,
  ...more,
});

/** A server that can be away, and tells what it was asked for. */
function server() {
  const asked: string[] = [];
  const state = { away: false, status: 200, text: 'first' };
  const get = (url: string): Promise<Response> => {
    asked.push(new URL(url).pathname);
    if (state.away) return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve(new Response(`${state.text} ${new URL(url).pathname}`, { status: state.status }));
  };
  return { asked, state, get };
}

const text = async (answer: Promise<Response> | undefined): Promise<string | undefined> => (await answer)?.text();

// Before each, since other suites of this origin leave caches too.
beforeEach(async () => {
  for (const name of await caches.keys()) await caches.delete(name);
});

describe('the kept page', () => {
  test('[OFF-1] keeps every file of the build, or none', async () => {
    const { get, state } = server();
    await pageCache(build, scope, caches, get).fill();
    const names = (await (await caches.open(`${pageCachePrefix}one`)).keys()).map(({ url }) => new URL(url).pathname);
    expect(names.sort()).toEqual(['/', '/assets/index-1.js', '/icon.svg']);
    state.status = 404;
    await expect(pageCache({ ...build, hash: 'two' }, scope, caches, get).fill()).rejects.toThrow('is 404');
    expect(await caches.keys()).toEqual([`${pageCachePrefix}one`]);
  });

  test('[OFF-2] the page comes from the server while it answers, whatever its query, else as it was kept', async () => {
    const { get, state } = server();
    const page = pageCache(build, scope, caches, get);
    await page.fill();
    state.text = 'newer';
    expect(await text(page.answer(request('/?profile=a', { mode: 'navigate' })))).toBe('newer /');
    state.status = 502;
    expect(await text(page.answer(request('/', { mode: 'navigate' })))).toBe('first /');
    state.away = true;
    expect(await text(page.answer(request('/?profile=a', { mode: 'navigate' })))).toBe('first /');
  });

  test('[OFF-2] files of the build come from what is kept; one that was lost from the server', async () => {
    const { get, asked } = server();
    const page = pageCache(build, scope, caches, get);
    await page.fill();
    asked.length = 0;
    expect(await text(page.answer(request('/icon.svg')))).toBe('first /icon.svg');
    expect(asked).toEqual([]);
    await caches.delete(`${pageCachePrefix}one`);
    expect(await text(page.answer(request('/icon.svg')))).toBe('first /icon.svg');
    expect(asked).toEqual(['/icon.svg']);
  });

  test.each([
    ['a download', request('/download/1', { mode: 'navigate' })],
    ['another page', request('/nowhere', { mode: 'navigate' })],
    ['a file of another build', request('/assets/index-2.js')],
    ['a file of the build with a query', request('/icon.svg?x')],
    ['another origin', request('https://elsewhere.example/')],
    ['another method', request('/', { method: 'POST', mode: 'navigate' })],
  ])('[OFF-2] %s goes its own way', (_, asked) => {
    expect(pageCache(build, scope, caches, server().get).answer(asked)).toBeUndefined();
  });

  test('[OFF-3] a new build drops the files of others, and caches that are not ours stay', async () => {
    const { get } = server();
    await pageCache(build, scope, caches, get).fill();
    await caches.open('foreign');
    const next = pageCache({ ...build, hash: 'two' }, scope, caches, get);
    await next.fill();
    await next.dropOthers();
    expect((await caches.keys()).sort()).toEqual(['foreign', `${pageCachePrefix}two`]);
  });
});
