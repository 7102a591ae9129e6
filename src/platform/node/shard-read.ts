import { open } from 'node:fs/promises';
import { errorCode } from '../../core/errors.ts';
import { placeKey } from '../../core/storage/shard.ts';
import type { ShardMeta } from '../../peer/ports.ts';
import { errnoOf } from './disk-trouble.ts';
import { ifThere } from './durable-file.ts';
import { decodeHeader, headerBytesMax, headerBytesOf, type ShardFile } from './shard-file.ts';

/** `length` bytes of a shard's file from `offset` of the shard; undefined where they are not all there. */
export async function readShard(path: string, shardBytes: number, offset: number, length: number): Promise<Uint8Array | undefined> {
  const found = await readAt(path, headerBytesOf(shardBytes) + offset, length);
  return found?.bytes.length === length ? found.bytes : undefined;
}

/** The metadata in the header of a file; undefined unless it is whole and of this very shard (SPEC FILE-4). */
export async function readMeta(path: string, { place, length }: ShardFile): Promise<ShardMeta | undefined> {
  try {
    const found = await readAt(path, 0, headerBytesMax);
    if (found === undefined || found.fileBytes !== headerBytesOf(length) + length) return undefined;
    const meta = decodeHeader(found.bytes);
    return placeKey(meta) === placeKey(place) && meta.length === length ? meta : undefined;
  } catch (error) {
    // A disk that cannot read a sector says so by EIO.
    if (errorCode(error) === 'integrity' || errnoOf(error) === 'EIO') return undefined;
    throw error;
  }
}

/** Up to `length` bytes of a file, and how many it has in all; undefined where it is not there. */
async function readAt(path: string, offset: number, length: number): Promise<{ bytes: Uint8Array; fileBytes: number } | undefined> {
  const handle = await ifThere(open(path, 'r'));
  if (handle === undefined) return undefined;
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    return { bytes: bytesRead === length ? bytes : bytes.slice(0, bytesRead), fileBytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}
