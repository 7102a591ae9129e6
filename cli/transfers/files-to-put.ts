import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import mime from 'mime';
import { ShoalError } from '../../src/core/errors.ts';
import { toUtf8 } from '../../src/core/bytes/text.ts';
import type { LocalFile } from '../access/access.ts';
import type { Io } from '../io.ts';
import { printable } from '../table.ts';

/** Files that one command takes. */
const filesMax = 10_000;
const nameBytesMax = 1_024;

export interface FilesToPut {
  readonly files: readonly LocalFile[];
  /** Removes what was kept of standard input. */
  forget(): Promise<void>;
}

export interface PutNaming extends Pick<LocalFile, 'profile'> {
  readonly name?: string;
  readonly media?: string;
}

/**
 * The files that paths of a command line name: a folder stands for every file below it, `-` for standard input, which is sealed twice
 * and so has to lie on disk meanwhile, readable by this user alone. Throws `not-found`, `bad-input`, `too-large`.
 */
export async function filesToPut(io: Io, paths: readonly string[], naming: PutNaming): Promise<FilesToPut> {
  if (paths.filter((path) => path === '-').length > 1) throw new ShoalError('bad-input', 'standard input can be put once only');
  const found: Found[] = [];
  let spool: string | undefined;
  const forget = async (): Promise<void> => {
    if (spool !== undefined) await rm(spool, { recursive: true, force: true });
  };
  // What a variable that nobody has set leaves is not this folder.
  if (paths.includes('')) throw new ShoalError('bad-input', 'a path is empty: name a file or folder, or . for this one');
  try {
    for (const path of paths) {
      if (path === '-')
        found.push({ path: await spooled(io, (spool = await mkdtemp(join(tmpdir(), 'shoal-')))), name: naming.name ?? 'stdin' });
      else found.push(...(await below(path, io)));
      if (found.length > filesMax) throw new ShoalError('too-large', `More than ${filesMax} files: put them in parts, or as one archive.`);
    }
    if (found.length === 0) throw new ShoalError('not-found', `There are no files to put in ${paths.join(', ')}.`);
    if (found.length > 1 && naming.name !== undefined) throw new ShoalError('bad-input', '--name is for one file only');
    return { files: found.map((file) => localFile(file, naming)), forget };
  } catch (error) {
    await forget();
    throw error;
  }
}

interface Found {
  readonly path: string;
  readonly name: string;
}

function localFile({ path, name: ownName }: Found, { name = ownName, media, profile }: PutNaming): LocalFile {
  if (toUtf8(name).length > nameBytesMax)
    throw new ShoalError('bad-input', `The name of ${path} is longer than ${nameBytesMax} bytes: give another with --name.`);
  return { path, name, media: media ?? mime.getType(name) ?? 'application/octet-stream', ...(profile === undefined ? {} : { profile }) };
}

/** A file by itself, or every file below a folder, in the order of their paths; says how many entries are neither file nor folder. */
async function below(path: string, { say }: Pick<Io, 'say'>): Promise<Found[]> {
  const absolute = resolve(path);
  if (!(await stat(absolute)).isDirectory()) return [{ path: absolute, name: basename(absolute) }];
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const others = entries.filter((entry) => !entry.isFile() && !entry.isDirectory()).length;
  if (others > 0) say(`${printable(path)}: left out what is no file, such as links and pipes: ${others}.`);
  return files.sort().map((file) => ({ path: file, name: relative(absolute, file) }));
}

async function spooled({ stdin, signal }: Io, folder: string): Promise<string> {
  const path = join(folder, 'stdin');
  await pipeline(stdin, createWriteStream(path, { mode: 0o600 }), { signal }).catch((error: unknown) => {
    if (signal.aborted) throw new ShoalError('cancelled', 'interrupted');
    throw error;
  });
  return path;
}
