import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ifThere } from './durable-file.ts';
import { parseFileName, type ShardFile } from './shard-file.ts';

const folderName = /^[0-9a-f]{2}$/;
/** Where damaged files go, below the store's folder. */
const asideName = 'set-aside';

/**
 * The shards in the folder of a store, by the names of their files; what was staged by an earlier run is removed, what is none of the
 * store's files is left alone (SPEC FILE-3). Throws `too-new` at a shard of a later format.
 */
export async function scanShards(folder: string): Promise<readonly ShardFile[]> {
  const found: ShardFile[] = [];
  const staged: string[] = [];
  for (const sub of await readdir(folder)) {
    if (!folderName.test(sub)) continue;
    for (const name of await readdir(join(folder, sub))) {
      const file = parseFileName(`${sub}/${name}`);
      if (file !== undefined) found.push(file);
      else if (name.endsWith('.staged')) staged.push(join(folder, sub, name));
    }
  }
  for (const path of staged) await rm(path, { force: true });
  return found;
}

/** Moves a file to where it is never served, and not deleted either: it may be of use to whoever mends the disk. */
export async function setAside(folder: string, name: string): Promise<void> {
  const aside = join(folder, asideName);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  await ifThere(rename(join(folder, name), join(aside, basename(name))));
}
