import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { metaStoreContract } from '../meta-store.contract.ts';
import { sqliteMetaStore } from './meta-store.ts';
import { openSqlite } from './sqlite.ts';

metaStoreContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-values-'));
  let open: { close(): void } | undefined;
  return {
    async open() {
      open?.close();
      const store = await sqliteMetaStore(join(folder, 'values.sqlite'));
      open = store;
      return store;
    },
    async dispose() {
      open?.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('meta store: SQLite alone', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shoal-values-'));
    file = join(folder, 'values.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("[META-9] what was put is there after a close that came before it was written; the file is its user's alone", async () => {
    const store = await sqliteMetaStore(file);
    const put = store.put('own', 'a', Uint8Array.of(1));
    store.close();
    await put;
    await expect(store.put('own', 'b', Uint8Array.of(1))).rejects.toMatchObject({ code: 'cancelled' });
    const again = await sqliteMetaStore(file);
    expect(await again.get('own', 'a')).toEqual(Uint8Array.of(1));
    again.close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('[META-9] a thousand puts at once take a moment, not a thousand flushes', async () => {
    const store = await sqliteMetaStore(file);
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => store.put('record', `${i}`, new Uint8Array(100))));
    expect(await store.keys('record')).toHaveLength(1_000);
    store.close();
  });

  test('[META-10] a file of a later schema is refused in words, and left as it is', async () => {
    (await sqliteMetaStore(file)).close();
    const database = await openSqlite(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA user_version = 2');
    database.close();
    const before = await readFile(file);
    await expect(sqliteMetaStore(file)).rejects.toMatchObject({ code: 'too-new', message: expect.stringContaining('newer Shoal') });
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  test('[META-10] a file that is no database is refused in words', async () => {
    await writeFile(file, 'x'.repeat(5_000));
    await expect(sqliteMetaStore(file)).rejects.toMatchObject({ code: 'integrity', message: expect.stringContaining('back-up') });
  });

  test('[META-11] the lock that a killed process left behind does not keep the next one out', async () => {
    (await sqliteMetaStore(file)).close();
    await mkdir(`${file}.lock`);
    (await sqliteMetaStore(file)).close();
  });
});
