import { type FileHandle, mkdir, open, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { encodeCapability } from '../../src/core/crypto/capability.ts';
import { ShoalError } from '../../src/core/errors.ts';
import { diskTrouble, errnoOf, troubleAt } from '../../src/platform/node/disk-trouble.ts';
import { syncFolder } from '../../src/platform/node/durable-file.ts';
import { descriptorFile } from './folder.ts';

/** An object's folder being written, with its capability file. Its descriptor is written last: a folder without one is not complete. */
export interface NewFolder {
  /** New files in the folder, to be filled at the same time. Throws `full`, `busy`. */
  create(names: readonly string[]): Promise<NewFiles>;
  /** Writes the descriptor, durably. */
  complete(descriptor: Uint8Array): Promise<void>;
  /** Removes everything that was written, and the folder if it was made. */
  discard(): Promise<void>;
}

export interface NewFiles {
  readonly files: readonly { append(bytes: Uint8Array): Promise<void> }[];
  /** Makes them durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Makes folder and capability file. Throws `bad-input` when one of them is there with something in it, `not-found`, `full`. */
export async function newFolder(folder: string, capabilityFile: string, writeSeed: Uint8Array): Promise<NewFolder> {
  if (isWithin(folder, capabilityFile)) {
    throw new ShoalError(
      'bad-input',
      `${capabilityFile}: the capability stays apart from the folder, or whoever has the folder has the file. Name another place.`,
    );
  }
  const made = await requireEmpty(folder);
  const removeFolder = async (): Promise<void> => {
    if (made) await rmdir(folder).catch(() => {});
  };
  try {
    await writeNew(capabilityFile, `${encodeCapability({ right: 'write', writeSeed })}\n`, 0o600);
  } catch (error) {
    await removeFolder();
    throw error;
  }
  const written: string[] = [];
  const pathOf = (name: string): string => {
    const path = join(folder, name);
    written.push(path);
    return path;
  };

  return {
    async create(names) {
      const files: NewFile[] = [];
      try {
        for (const name of names) files.push(await newFile(pathOf(name)));
      } catch (error) {
        await closeAll(files);
        throw error;
      }
      return {
        files,
        sync: async () => void (await Promise.all(files.map((file) => file.sync()))),
        close: () => closeAll(files),
      };
    },
    async complete(descriptor) {
      await writeNew(pathOf(descriptorFile), descriptor, 0o666);
      for (const path of [folder, dirname(resolve(folder)), dirname(resolve(capabilityFile))])
        await syncFolder(path).catch(troubleAt(path));
    },
    async discard() {
      for (const path of [...written, capabilityFile]) await rm(path, { force: true });
      await removeFolder();
    },
  };
}

/** Makes the folder unless it is there and empty. Gives whether it was made. */
async function requireEmpty(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new ShoalError('not-found', `${folder}: the folder that it would lie in is not there.`);
    if (errnoOf(error) !== 'EEXIST') throw diskTrouble(error, folder);
  }
  const names = await readdir(folder).catch(troubleAt(folder));
  if (names.length > 0) throw new ShoalError('bad-input', `${folder}: the folder is not empty. Name a new one.`);
  return false;
}

/** Whether `path` lies in `folder`, or is it. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`));
}

interface NewFile {
  append(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

async function newFile(path: string): Promise<NewFile> {
  const file = await open(path, 'wx', 0o666).catch(troubleAt(path));
  return {
    append: (bytes) => writeAll(file, bytes).catch(troubleAt(path)),
    sync: () => file.sync().catch(troubleAt(path)),
    close: () => file.close(),
  };
}

async function closeAll(files: readonly NewFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.close()));
}

/** A new small file, durable. It is removed again when it cannot be written whole. */
async function writeNew(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode).catch(troubleAt(path));
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw diskTrouble(error, path);
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}
