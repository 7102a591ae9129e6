/** Caches of the built page begin with this; the build's hash follows. */
export const pageCachePrefix = 'shoal-page-';

/** How long a server may take to send the page before the kept one is shown. */
const pageWithinMs = 5000;

/** What one build is made of. */
export interface PageBuild {
  /** Hash over all files. */
  readonly hash: string;
  /** Paths from the root of the origin; `/` is the page itself. */
  readonly files: readonly string[];
}

export interface PageCache {
  /** Keeps every file of the build, or fails and keeps none (OFF-1). */
  fill(): Promise<void>;
  /** Forgets the files of all other builds (OFF-3). */
  dropOthers(): Promise<void>;
  /** The answer to a request for a file of the build; undefined for all others, which go their own way (OFF-2). */
  answer(request: Pick<Request, 'url' | 'method' | 'mode'>): Promise<Response> | undefined;
}

/**
 * The built page, kept to open without its server.
 *
 * @param scope address that the build's paths are meant from
 * @param get fetches from the server
 */
export function pageCache(
  build: PageBuild,
  scope: string,
  caches: CacheStorage,
  get: (url: string, init: RequestInit) => Promise<Response>,
): PageCache {
  const name = pageCachePrefix + build.hash;
  const page = new URL('/', scope).href;
  const listed = new Set(build.files.map((path) => new URL(path, scope).href));

  const kept = async (url: string): Promise<Response | undefined> => (await caches.open(name)).match(url);
  const fromServer = (url: string): Promise<Response> => get(url, { signal: AbortSignal.timeout(pageWithinMs) });

  /** The server's page when it has one to give: a newer one is seen at once. */
  const newest = async (url: string): Promise<Response> => {
    const answer = await fromServer(url).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
    return (await kept(page)) ?? answer ?? Response.error();
  };

  return {
    async fill() {
      const cache = await caches.open(name);
      const keep = async (url: string): Promise<void> => {
        // Asked for anew, or a file that another build left in the browser's own cache could be kept as this one's.
        const answer = await get(url, { cache: 'no-cache' });
        if (!answer.ok) throw new Error(`${url} is ${answer.status}`);
        await cache.put(url, answer);
      };
      try {
        // One after the other: whoever uses the page meanwhile comes first.
        for (const url of listed) await keep(url);
      } catch (error) {
        await caches.delete(name);
        throw error;
      }
    },
    async dropOthers() {
      const others = (await caches.keys()).filter((other) => other.startsWith(pageCachePrefix) && other !== name);
      await Promise.all(others.map((other) => caches.delete(other)));
    },
    answer({ url, method, mode }) {
      if (method !== 'GET') return undefined;
      const { origin, pathname } = new URL(url);
      if (mode === 'navigate') return origin + pathname === page ? newest(url) : undefined;
      return listed.has(url) ? kept(url).then((found) => found ?? get(url, {})) : undefined;
    },
  };
}
