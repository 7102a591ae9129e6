import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskTrouble, errnoOf } from './disk-trouble.ts';

/** Files that are there in full or not at all, whatever ends the process or the power (SPEC FILE-1). */

/** Makes durable what happened to the entries of a folder: a rename is not, until its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file by these bytes, durably. Whoever reads it sees the old bytes or the new ones. What cannot be written leaves the old
 * file and nothing else.
 *
 * @param mode of the new file, such as 0o600
 */
export async function writeDurably(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskTrouble(error, path);
  }
  await syncFolder(dirname(path));
}

/** What `work` gives, or undefined where the file is not there. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
