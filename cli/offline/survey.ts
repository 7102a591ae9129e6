import { constants, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes } from '../../src/core/bytes/compare.ts';
import { ShoalError } from '../../src/core/errors.ts';
import { hashBytes, leafBytes, leafCount, merkleRoot } from '../../src/core/merkle/tree.ts';
import { type Descriptor, shardRoot } from '../../src/core/object/descriptor.ts';
import type { Crypto } from '../../src/peer/ports.ts';
import { errnoOf, troubleAt } from '../../src/platform/node/disk-trouble.ts';
import { geometryOf, shardFile, upTo } from './folder.ts';

/** What the shards in an object's folder are worth. */
export interface Survey {
  /** By segment: the sound shards, ascending, with the joined H of each leaf. */
  readonly sound: readonly ReadonlyMap<number, Uint8Array>[];
  /** Names of the files that are not there, and of those whose bytes are not what the owner signed, or cannot be read. */
  readonly missing: readonly string[];
  readonly damaged: readonly string[];
}

/** Names in one error message. */
const namesMax = 8;

/** Reads every shard in the folder and compares it with its signed root (SPEC DISK-5). `progress` gets how many of all were looked at. */
export async function survey(
  folder: string,
  descriptor: Descriptor,
  crypto: Crypto,
  progress: (done: number, all: number) => void,
): Promise<Survey> {
  const shape = geometryOf(descriptor);
  const [missing, damaged]: [string[], string[]] = [[], []];
  const sound: Map<number, Uint8Array>[] = [];
  for (const segment of upTo(shape.segments)) {
    const ofSegment = new Map<number, Uint8Array>();
    for (const shard of upTo(shape.n)) {
      const name = shardFile(segment, shard);
      const entries = await readEntries(join(folder, name), shape.shardLength(segment), crypto);
      if (entries === undefined) missing.push(name);
      else if (entries !== 'damaged' && equalBytes(merkleRoot(entries), shardRoot(descriptor, segment, shard)))
        ofSegment.set(shard, entries);
      else damaged.push(name);
      progress(segment * shape.n + shard + 1, shape.segments * shape.n);
    }
    sound.push(ofSegment);
  }
  return { sound, missing, damaged };
}

/** Throws unless every segment has k sound shards: `integrity` where damage is why, else `not-enough-shards`. */
export function requireEnough({ sound, missing, damaged }: Survey, { k, m }: Descriptor): void {
  const short = sound.findIndex(({ size }) => size < k);
  if (short < 0) return;
  const of = (names: readonly string[]): string[] => names.filter((name) => name.startsWith(`${short}-`));
  const whole = k + m - of(missing).length;
  const words = `Segment ${short} has ${sound[short]!.size} sound shards and needs any ${k}.`;
  if (whole < k)
    throw new ShoalError('not-enough-shards', `${words} Find more of its ${k + m} shards: missing are ${listed(of(missing))}.`);
  throw new ShoalError('integrity', `${words} Find whole copies of the damaged ones: ${listed(of(damaged))}.`);
}

/** Names for a person; not all where there are many. */
export function listed(names: readonly string[]): string {
  const more = names.length - namesMax;
  return more > 0 ? `${names.slice(0, namesMax).join(', ')} and ${more} more` : names.join(', ');
}

/** Joined H of each leaf of a shard's file; undefined when it is not there, `damaged` when it has not this length or cannot be read. */
async function readEntries(path: string, length: number, crypto: Crypto): Promise<Uint8Array | 'damaged' | undefined> {
  const file = await openShard(path);
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size !== length) return 'damaged';
    const entries = new Uint8Array(leafCount(length) * hashBytes);
    for (let leaf = 0; leaf * leafBytes < length; leaf++) {
      const bytes = await readRange(file, leaf * leafBytes, Math.min(leafBytes, length - leaf * leafBytes));
      if (bytes === undefined) return 'damaged';
      entries.set(await crypto.sha256(bytes), leaf * hashBytes);
    }
    return entries;
  } finally {
    await file.close();
  }
}

/** `length` bytes of a shard's file from `offset`; undefined when it has them no more. */
export async function readShard(path: string, offset: number, length: number): Promise<Uint8Array | undefined> {
  const file = await openShard(path);
  try {
    return file && (await readRange(file, offset, length));
  } finally {
    await file?.close();
  }
}

/** A shard's file; undefined when there is none. */
async function openShard(path: string): Promise<FileHandle | undefined> {
  try {
    // Without waiting: where a pipe lies in the place of a shard, nobody may ever write to it.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? undefined : troubleAt(path)(error);
  }
}

/** `length` bytes from `offset`; undefined when the file has not so many, or the disk cannot read them. */
async function readRange(file: FileHandle, offset: number, length: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  try {
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
      if (bytesRead === 0) return undefined;
      at += bytesRead;
    }
  } catch {
    return undefined;
  }
  return bytes;
}
