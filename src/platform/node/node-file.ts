import { access, constants, type FileHandle as OpenFile, open, stat } from 'node:fs/promises';
import { ShoalError } from '../../core/errors.ts';
import type { FileHandle } from '../../peer/ports.ts';
import { roomFor } from '../../core/bytes/room.ts';
import type { FileReader } from '../file-reader.ts';
import { errnoOf, troubleAt } from './disk-trouble.ts';

/** A file to seal, by its path: read by the thread that seals it, and by no other. */
export interface NodeFile extends FileHandle {
  readonly path: string;
  /** When it was last changed, in whole ms since 1970. */
  readonly mtimeMs: number;
}

/** What `path` names. Throws `not-found`, and `bad-input` for what is no regular file or may not be read. */
export async function nodeFile(path: string): Promise<NodeFile> {
  const found = await stat(path).catch(troubleAt(path));
  if (found.isDirectory()) throw new ShoalError('bad-input', `${path}: this is a folder. Name a file in it.`);
  if (!found.isFile()) throw new ShoalError('bad-input', `${path}: this is no regular file.`);
  await access(path, constants.R_OK).catch(troubleAt(path));
  return { path, size: found.size, mtimeMs: wholeMs(found.mtimeMs) };
}

/**
 * Reads a NodeFile, opened at the first read and closed by `close`. `read` throws `integrity` for a file that is not what it was when it
 * was named, and `bad-input` when it may not be read. Throws `bad-input` for any other handle.
 */
export function nodeFileReader(file: FileHandle): FileReader {
  if (!isNodeFile(file)) throw new ShoalError('bad-input', 'Only files on disk can be sealed here.');
  let opened: Promise<OpenFile> | undefined;
  return {
    async read(start, end, spare) {
      const source = await (opened ??= openUnchanged(file));
      const bytes = roomFor(end - start, spare);
      try {
        for (let at = 0; at < bytes.length; ) {
          const { bytesRead } = await source.read(bytes, at, bytes.length - at, start + at);
          if (bytesRead === 0) throw fileChanged();
          at += bytesRead;
        }
      } catch {
        throw fileChanged();
      }
      return bytes;
    },
    close() {
      opened?.then((source) => source.close()).catch(() => {});
      opened = Promise.reject(new ShoalError('cancelled', 'This file is not read any more.'));
      opened.catch(() => {});
    },
  };
}

async function openUnchanged(file: NodeFile): Promise<OpenFile> {
  const source = await open(file.path, 'r').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') throw fileChanged();
    return troubleAt(file.path)(error);
  });
  const now = await source.stat();
  if (now.isFile() && now.size === file.size && wholeMs(now.mtimeMs) === file.mtimeMs) return source;
  await source.close();
  throw fileChanged();
}

function fileChanged(): ShoalError {
  return new ShoalError('integrity', 'The file was changed or removed while it was being read. Put it again.');
}

function isNodeFile(file: FileHandle): file is NodeFile {
  return 'path' in file && typeof file.path === 'string' && 'mtimeMs' in file && typeof file.mtimeMs === 'number';
}

/** Times before 1970 count as unknown: 0. */
const wholeMs = (ms: number): number => Math.max(0, Math.floor(ms));
