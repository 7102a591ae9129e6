import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, realpath, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { ShoalError } from '../../core/errors.ts';
import type { Sink } from '../../peer/ports.ts';
import { diskTrouble, errnoOf, troubleAt } from './disk-trouble.ts';
import { syncFolder } from './durable-file.ts';

export interface FileSinkOptions {
  /** Whether a file that is there already may be replaced. */
  readonly overwrite: boolean;
}

/**
 * Where a file sink of this path would put its file: the path itself, or what a link there points at. Throws `bad-input` when something
 * is there that may not be replaced, `not-found` when its folder is not.
 */
export async function requireFree(path: string, { overwrite }: FileSinkOptions): Promise<string> {
  const there = await lstat(path).catch((error: unknown) => (errnoOf(error) === 'ENOENT' ? undefined : troubleAt(path)(error)));
  if (there === undefined) {
    await realpath(dirname(path)).catch(troubleAt(dirname(path)));
    return path;
  }
  if (there.isDirectory()) throw new ShoalError('bad-input', `${path}: this is a folder. Name a file in it.`);
  if (!overwrite) throw new ShoalError('bad-input', `${path}: it exists already. Name another file, or replace it with --force.`);
  const target = await realpath(path).catch(troubleAt(path));
  if (!(await lstat(target)).isFile()) throw new ShoalError('bad-input', `${path}: this is no regular file, and is not replaced by one.`);
  return target;
}

/**
 * Writes a file (SPEC SINK-17): until it is complete in `.<name>.<random>.part` beside it, readable by its owner only. `begin` throws
 * `bad-input`, `not-found` or `full` before anything is fetched; `write` and `close` throw `full` when the disk is.
 */
export function fileSink(path: string, options: FileSinkOptions): Sink {
  let part: Part | undefined;
  let position = 0;
  let expected = 0;
  const begun = (): Part => {
    if (part === undefined) throw new ShoalError('cancelled', 'This download has ended.');
    return part;
  };
  return {
    async begin(length) {
      const target = await requireFree(path, options);
      await requireRoom(target, length);
      part = await createPart(target).catch(troubleAt(path));
      expected = length;
    },
    async write(bytes) {
      const { file } = begun();
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position).catch(troubleAt(path));
        at += bytesWritten;
        position += bytesWritten;
      }
    },
    async close() {
      const whole = begun();
      if (position !== expected) throw new ShoalError('internal', `${position} bytes of ${expected} came.`);
      await finish(whole, options).catch(troubleAt(path));
      part = undefined;
    },
    async abort() {
      const left = part;
      part = undefined;
      await left?.file.close().catch(() => {});
      if (left !== undefined) await rm(left.path, { force: true });
    },
  };
}

/** A file that is not complete. */
interface Part {
  readonly path: string;
  readonly target: string;
  readonly file: FileHandle;
  /** What any new file of this process may be used for by whom. */
  readonly mode: number;
}

/** Most of a name that is in its part's, bytes: with all else of that a file system takes 255. */
const partNameBytesMax = 200;

async function createPart(target: string): Promise<Part> {
  const name = Buffer.from(basename(target))
    .subarray(0, partNameBytesMax)
    .toString()
    .replace(/\ufffd+$/, '');
  const path = join(dirname(target), `.${name}.${randomBytes(6).toString('hex')}.part`);
  const mode = await usualMode(path);
  return { path, target, file: await open(path, 'wx', 0o600), mode };
}

/** 0666 less the umask, as a file made at `path` has it: asking for the umask would change it for a moment, for other threads too. */
async function usualMode(path: string): Promise<number> {
  const probe = await open(path, 'wx', 0o666);
  try {
    return (await probe.stat()).mode & 0o777;
  } finally {
    await probe.close();
    await rm(path, { force: true });
  }
}

/** Makes a complete file durable, and then visible under its name. */
async function finish({ path, target, file, mode }: Part, { overwrite }: FileSinkOptions): Promise<void> {
  await file.chmod(mode);
  await file.sync();
  await file.close();
  if (overwrite) await rename(path, target);
  else await renameAnew(path, target);
  await syncFolder(dirname(target));
}

/** Renames, but never over a file that has come meanwhile. */
async function renameAnew(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw new ShoalError('bad-input', `${target}: it exists now. Name another file.`);
    // A file system without hard links (FAT): as near as one can come.
    await requireFree(target, { overwrite: false });
    return rename(path, target);
  }
  await rm(path);
}

/** Throws `full` when the file system of `target` says that it has less room than `length` bytes. */
async function requireRoom(target: string, length: number): Promise<void> {
  const free = await statfs(dirname(target)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Infinity,
  );
  if (length > free)
    throw new ShoalError(
      'full',
      `${target}: the file has ${length} bytes and the disk has room for ${free}. Make room on it and try again.`,
    );
}

/**
 * Writes to a stream, such as standard output, and leaves it open: whoever made it ends it. Each write waits until the stream has taken
 * it. Throws `cancelled` when the reader is gone. What an aborted download has written stays: the program's status says that it failed.
 */
export function writableSink(stream: Writable): Sink {
  let failed: ShoalError | undefined;
  const fail = (error: unknown): ShoalError =>
    (failed ??= readerIsGone(error)
      ? new ShoalError('cancelled', 'Whoever read the file stopped reading it.')
      : diskTrouble(error, 'the output'));
  stream.on('error', fail);
  return {
    async begin() {},
    async write(bytes) {
      if (failed !== undefined) throw failed;
      await new Promise<void>((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(fail(error)) : resolve()));
      });
    },
    async close() {
      if (failed !== undefined) throw failed;
    },
    async abort() {},
  };
}

function readerIsGone(error: unknown): boolean {
  return ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'].includes(errnoOf(error) ?? '');
}
