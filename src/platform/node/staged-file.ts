import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './durable-file.ts';
import type { FileGate } from './file-gate.ts';

/**
 * The file of one shard being staged: bytes are appended behind the room for its header, which is written last, so that until then the
 * file is no shard whatever it is named. Each step opens the file anew: it costs little beside the flush, and no end of a staging,
 * however it comes, can leave a descriptor open.
 */
export interface StagedFile {
  /** Appends bytes. Resolves when they are durable; all that came while others were being written are flushed together. */
  append(bytes: Uint8Array): Promise<void>;
  /** After all appended: writes the header, then gives the file its name. Resolves when durable. */
  publish(header: Uint8Array): Promise<void>;
  /** Removes what there is of it, once nothing is being written any more. */
  remove(): Promise<void>;
}

interface Waiting {
  readonly bytes: Uint8Array;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Makes the file, beside the one it will be.
 * @param path of the finished shard, in a folder that exists
 */
export async function stageFile(path: string, headerBytes: number, gate: FileGate): Promise<StagedFile> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.staged`;
  await gate(async () => (await open(temporary, 'wx', 0o600)).close());

  let waiting: Waiting[] = [];
  let position = headerBytes;
  let pumping: Promise<void> | undefined;
  /** Once a write failed, nobody knows what the disk has of the file: no later one may succeed. */
  let failure: { readonly error: unknown } | undefined;
  let isNamed = false;

  const pump = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        if (failure !== undefined) throw failure.error;
        const parts = group.map(({ bytes }) => bytes);
        await gate(() => writeThrough(temporary, parts, position));
        position += parts.reduce((sum, { length }) => sum + length, 0);
        for (const { resolve } of group) resolve();
      } catch (error) {
        failure ??= { error };
        for (const { reject } of group) reject(error);
      }
    }
    pumping = undefined;
  };

  return {
    async append(bytes) {
      if (failure !== undefined) throw failure.error;
      await new Promise<void>((resolve, reject) => {
        waiting.push({ bytes, resolve, reject });
        pumping ??= pump();
      });
    },
    async publish(header) {
      await pumping;
      if (failure !== undefined) throw failure.error;
      await gate(async () => {
        await writeThrough(temporary, [header], 0);
        await rename(temporary, path);
        isNamed = true;
        await syncFolder(dirname(path));
      });
    },
    async remove() {
      await pumping;
      await gate(() => rm(isNamed ? path : temporary, { force: true }));
    },
  };
}

/** Writes bytes from `position` on and flushes them to the disk. */
async function writeThrough(path: string, parts: readonly Uint8Array[], position: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    let at = position;
    for (const part of parts) {
      // A disk about to be full may take a part; the next try says why.
      for (let left = part; left.length > 0; ) {
        const { bytesWritten } = await handle.write(left, 0, left.length, at);
        left = left.subarray(bytesWritten);
        at += bytesWritten;
      }
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
