import { afterEach, expect, test } from 'vitest';
import { databaseName, openDatabase } from './database.ts';
import { eraseProfile } from './erase.ts';
import { pageCachePrefix } from './page-cache.ts';

const databases = async (): Promise<(string | undefined)[]> => (await indexedDB.databases()).map(({ name }) => name);

/** A profile with data, whose peer has ended. */
async function profile(name: string): Promise<void> {
  const database = await openDatabase(name);
  database.close();
}

afterEach(async () => {
  for (const name of ['erase-a', 'erase-b']) await eraseProfile(name);
  localStorage.clear();
  for (const name of await caches.keys()) await caches.delete(name);
});

test('[ERASE-2] the database and this tab’s keys go; other profiles, what all share, and foreign keys stay', async () => {
  await profile('erase-a');
  await profile('erase-b');
  sessionStorage.setItem('shoal:link', 'R.secret');
  sessionStorage.setItem('foreign', 'x');
  localStorage.setItem('shoal:theme', 'dark');
  await caches.open(`${pageCachePrefix}one`);
  await eraseProfile('erase-a');
  expect(await databases()).not.toContain(databaseName('erase-a'));
  expect(await databases()).toContain(databaseName('erase-b'));
  expect(sessionStorage.getItem('shoal:link')).toBeNull();
  expect(sessionStorage.getItem('foreign')).toBe('x');
  expect(localStorage.getItem('shoal:theme')).toBe('dark');
  expect(await caches.keys()).toContain(`${pageCachePrefix}one`);
});

test('[ERASE-3] what all profiles share goes with the last of them', async () => {
  for (const name of await databases()) if (name?.startsWith('shoal:')) indexedDB.deleteDatabase(name);
  await profile('erase-a');
  localStorage.setItem('shoal:theme', 'dark');
  localStorage.setItem('foreign', 'x');
  await caches.open(`${pageCachePrefix}one`);
  await caches.open('foreign');
  await eraseProfile('erase-a');
  expect(localStorage.getItem('shoal:theme')).toBeNull();
  expect(localStorage.getItem('foreign')).toBe('x');
  expect(await caches.keys()).toEqual(['foreign']);
});

test('[ERASE-2] a database that is let go of when asked does not stand in the way', async () => {
  const database = await openDatabase('erase-a');
  await eraseProfile('erase-a');
  expect(database.lostReason()?.code).toBe('stale');
  expect(await databases()).not.toContain(databaseName('erase-a'));
});
