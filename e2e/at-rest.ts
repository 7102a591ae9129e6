import type { Page } from '@playwright/test';

/** What a profile keeps, read past the program: as whoever has the disk reads it. */
export interface ShardsAtRest {
  /** Bytes that the counters say. */
  readonly used: number;
  readonly reserved: number;
  /** Lengths of the committed and of the staged shards, each summed up. */
  readonly committed: number;
  readonly staged: number;
  /** How many are committed. */
  readonly shards: number;
  /** Places of committed shards whose bytes are not what their digests say, and of bytes that belong to no shard. */
  readonly broken: readonly string[];
}

/** Counts and hashes every shard in the database of this tab's profile. */
export function shardsAtRest(page: Page, profile = ''): Promise<ShardsAtRest> {
  return page.evaluate(async (name) => {
    const leafBytes = 65_536;
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    interface Row {
      readonly length: number;
      readonly digests?: Uint8Array<ArrayBuffer>;
    }
    const isWhole = async ({ length, digests }: Row, blocks: readonly ArrayBuffer[]): Promise<boolean> => {
      const bytes = await new Blob([...blocks]).arrayBuffer();
      const found: number[] = [];
      for (let at = 0; at < bytes.byteLength; at += leafBytes)
        found.push(...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice(at, at + leafBytes))));
      return bytes.byteLength === length && found.join() === digests?.join();
    };
    const database = await result(indexedDB.open(`shoal:${name}`));
    const tx = database.transaction(['meta', 'bytes', 'counters']);
    const [meta, bytes, counters] = (['meta', 'bytes', 'counters'] as const).map((store) => tx.objectStore(store)) as [
      IDBObjectStore,
      IDBObjectStore,
      IDBObjectStore,
    ];
    // All asked at once: one consistent view.
    const [places, rows, keys, blocks, used, reserved] = await Promise.all([
      result(meta.getAllKeys()),
      result(meta.getAll()),
      result(bytes.getAllKeys()),
      result(bytes.getAll()),
      result(counters.get('used')),
      result(counters.get('reserved')),
    ]);
    database.close();
    const owners = (keys as [place: string, block: number][]).map(([place]) => place);
    const broken = owners.filter((place) => !places.includes(place)).map((place) => `${place}: no such shard`);
    const lengths = { committed: 0, staged: 0 };
    let shards = 0;
    for (const [i, row] of (rows as Row[]).entries()) {
      lengths['staged' in row ? 'staged' : 'committed'] += row.length;
      if ('staged' in row) continue;
      shards++;
      const own = (blocks as ArrayBuffer[]).filter((_, j) => owners[j] === places[i]);
      if (!(await isWhole(row, own))) broken.push(String(places[i]));
    }
    return { used: Number(used ?? 0), reserved: Number(reserved ?? 0), ...lengths, shards, broken };
  }, profile);
}

/** Every byte and text in every database and storage area of this tab's origin, one after another. */
export async function everythingAtRest(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const parts: BlobPart[] = [];
    const take = (value: unknown): void => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) parts.push(value as BufferSource & BlobPart);
      else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) [key, inner].forEach(take);
      else parts.push(`${String(value)}\n`);
    };
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await result(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        take([name, store, ...(await Promise.all([result(objects.getAllKeys()), result(objects.getAll())]))]);
      }
      database.close();
    }
    for (const area of [localStorage, sessionStorage]) take(Object.entries(area));
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) take([request.url, await (await cache.match(request))?.arrayBuffer()]);
    }
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.readAsDataURL(new Blob(parts));
    });
    return url.slice(url.indexOf(',') + 1);
  });
  return Buffer.from(base64, 'base64');
}
