import { afterEach, beforeEach, expect, test } from 'vitest';
import { change, look, openDatabase } from './database.ts';
import { deleteProfile, testProfile, type TestProfile } from './profiles.contract.ts';

let profile: TestProfile;
beforeEach(() => {
  profile = testProfile();
});
afterEach(() => profile.dispose());

/** Opens the profile's database as an older or newer Shoal would. */
function openRaw(version: number): Promise<IDBDatabase> {
  const request = indexedDB.open(`shoal:${profile.name}`, version);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

test('[DB-1] a profile written by a newer Shoal is refused in words, and left as it is', async () => {
  (await openRaw(2)).close();
  await expect(openDatabase(profile.name)).rejects.toMatchObject({ code: 'too-new', message: expect.stringContaining('newer Shoal') });
  const left = await openRaw(2);
  expect(left.version).toBe(2);
  left.close();
});

test('[DB-2] a newer Shoal in another tab gets the database at once, and this one is told to reload', async () => {
  const { database } = await profile.restart();
  const newer = await openRaw(2);
  expect(await database.lost).toMatchObject({ code: 'too-new', message: expect.stringContaining('Reload') });
  await expect(look(database, ['values'], (tx) => tx.objectStore('values').count())).rejects.toMatchObject({ code: 'too-new' });
  newer.close();
});

test('[DB-2] deleting the data elsewhere closes the database with its reason', async () => {
  const { database, epoch } = await profile.restart();
  await deleteProfile(profile.name);
  expect(await database.lost).toMatchObject({ code: 'stale' });
  await expect(change(database, epoch, ['values'], async () => {})).rejects.toMatchObject({ code: 'stale' });
});

test('[DB-3] a change that throws keeps nothing of itself', async () => {
  const { database, epoch } = await profile.restart();
  const failing = change(database, epoch, ['values'], async (tx) => {
    await tx.objectStore('values').put(Uint8Array.of(1), ['own', 'a']);
    throw new Error('in the middle');
  });
  await expect(failing).rejects.toMatchObject({ code: 'internal' });
  expect(await look(database, ['values'], (tx) => tx.objectStore('values').count())).toBe(0);
});

test('[DB-4] each take-over gets an epoch of its own, and only the last may write', async () => {
  const first = await profile.restart();
  const second = await profile.takeOver();
  expect(second.epoch).toBeGreaterThan(first.epoch);
  await expect(change(first.database, first.epoch, ['values'], async () => {})).rejects.toMatchObject({ code: 'stale' });
  await change(second.database, second.epoch, ['values'], async () => {});
});
