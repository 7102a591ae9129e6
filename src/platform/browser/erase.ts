import { ShoalError } from '../../core/errors.ts';
import { databaseName, databasePrefix } from './database.ts';
import { pageCachePrefix } from './page-cache.ts';

/** Keys of ours in the storages that belong to the origin. */
const keyPrefix = 'shoal:';
const deletedWithinMs = 10_000;

/**
 * Erases what this browser keeps of a profile: its database and this tab's keys (ERASE-2). What all profiles share (settings, the kept
 * page) goes with the last of them (ERASE-3). The profile's peer must have ended. Throws `busy` when its database is still in use.
 */
export async function eraseProfile(profile: string): Promise<void> {
  await deleteDatabase(databaseName(profile));
  removeKeys(sessionStorage);
  if (await anyProfile()) return;
  removeKeys(localStorage);
  for (const name of await caches.keys()) if (name.startsWith(pageCachePrefix)) await caches.delete(name);
  const registrations = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistrations() : [];
  for (const registration of registrations) await registration.unregister();
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const busy = new ShoalError('busy', 'The data of this profile is still in use. Close its other tabs and try again.');
    const timer = setTimeout(() => reject(busy), deletedWithinMs);
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener('success', () => {
      clearTimeout(timer);
      resolve();
    });
    request.addEventListener('error', () => {
      clearTimeout(timer);
      reject(new ShoalError('internal', `The data of this profile could not be deleted: ${request.error?.message ?? ''}`));
    });
  });
}

/** Whether another profile keeps data here. Where the browser cannot tell, we act as if one did. */
async function anyProfile(): Promise<boolean> {
  if (indexedDB.databases === undefined) return true;
  return (await indexedDB.databases()).some(({ name }) => name?.startsWith(databasePrefix));
}

function removeKeys(storage: Storage): void {
  for (const key of Object.keys(storage)) if (key.startsWith(keyPrefix)) storage.removeItem(key);
}
