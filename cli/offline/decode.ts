import { join } from 'node:path';
import { equalBytes } from '../../src/core/bytes/compare.ts';
import { type Capability, narrow } from '../../src/core/crypto/capability.ts';
import { sealedRange } from '../../src/core/crypto/chunks.ts';
import { errorCode, ShoalError } from '../../src/core/errors.ts';
import { prove } from '../../src/core/merkle/proof.ts';
import { leafBytes } from '../../src/core/merkle/tree.ts';
import { type Band, bandsOf, placeOf, stripesOf } from '../../src/core/object/bands.ts';
import type { Descriptor } from '../../src/core/object/descriptor.ts';
import { type Excerpt, excerptOf, headExcerpt } from '../../src/core/object/excerpt.ts';
import { descriptorBytesMax, type Geometry } from '../../src/core/object/geometry.ts';
import { createOpener } from '../../src/peer/codec/opener.ts';
import type { Crypto, Opener, PlainHeader, Sink } from '../../src/peer/ports.ts';
import { verifyDescriptor } from '../../src/peer/verify.ts';
import { bestCoders } from '../../workers/kernel/kernel.ts';
import { descriptorFile, geometryOf, shardFile } from './folder.ts';
import { readSmall } from './read-small.ts';
import { listed, readShard, requireEnough, survey, type Survey } from './survey.ts';

export interface DecodeOptions {
  readonly crypto: Crypto;
  readonly signal: AbortSignal;
  /** Shards looked at, then bytes of the file written. */
  readonly progress: (pass: 'checking' | 'writing', done: number, all: number) => void;
  /** What the shards are worth, before anything is written; also where they are not enough. */
  readonly surveyed: (found: Survey) => void;
}

export interface Decoded {
  readonly descriptor: Descriptor;
  readonly header: PlainHeader;
}

/**
 * Opens the object in a folder and writes its file to `sink` (SPEC DISK-3, DISK-5), stripe after stripe. Nothing is written before it is
 * sure that every segment has enough sound shards; after a failure the sink is aborted.
 *
 * Throws `auth` when the capability does not open this object, `not-found` without a descriptor, `integrity` for a damaged one and where
 * damage leaves too few shards, `not-enough-shards` where they are missing, `cancelled` by the signal, and what the sink throws.
 */
export async function decodeFolder(folder: string, capability: Capability, sink: Sink, options: DecodeOptions): Promise<Decoded> {
  const { crypto, signal, progress } = options;
  const { objectKey, readKey } = readRight(capability);
  const { descriptor, signed } = await readDescriptor(folder, crypto);
  if (!equalBytes(descriptor.objectKey, objectKey))
    throw new ShoalError('auth', `${folder}: this is another file than the one of this capability.`);
  const found = await survey(folder, descriptor, crypto, (done, all) => {
    requireGoing(signal);
    progress('checking', done, all);
  });
  options.surveyed(found);
  requireEnough(found, descriptor);

  const opener = createOpener({ descriptor: signed, readKey }, crypto, bestCoders());
  const source = { folder, descriptor, shape: geometryOf(descriptor), found, opener, signal };
  try {
    await readExcerpt(source, headExcerpt, async () => {});
    const header = await opener.header();
    const excerpt = excerptOf(header, undefined);
    await opener.begin(excerpt);
    let written = 0;
    await sink.begin(header.size);
    await readExcerpt(source, excerpt, async (bytes) => {
      await sink.write(bytes);
      written += bytes.length;
      progress('writing', written, header.size);
    });
    await sink.close();
    return { descriptor, header };
  } catch (error) {
    await sink.abort(`not decoded: ${errorCode(error)}`);
    throw error;
  } finally {
    opener.close();
  }
}

function readRight(capability: Capability): { readonly objectKey: Uint8Array; readonly readKey: Uint8Array } {
  const read = capability.right === 'verify' ? capability : narrow(capability, 'read');
  if (read.right !== 'read')
    throw new ShoalError('auth', 'This capability only lets the file be verified (V.), not read. Give its R or W capability.');
  return read;
}

/** The folder's descriptor, its signature checked. */
async function readDescriptor(folder: string, crypto: Crypto): Promise<{ descriptor: Descriptor; signed: Uint8Array }> {
  const path = join(folder, descriptorFile);
  const signed = await readSmall(path, descriptorBytesMax, 'it is not there, so this is no folder that `shoal encode` completed');
  try {
    const { descriptor } = await verifyDescriptor(crypto, signed);
    return { descriptor, signed };
  } catch (error) {
    if (errorCode(error) === 'too-new') throw error;
    throw new ShoalError('integrity', `${path}: this is not what the owner signed. Find another copy of it.`);
  }
}

/** What an excerpt is read from. */
interface Source {
  readonly folder: string;
  readonly descriptor: Descriptor;
  readonly shape: Geometry;
  readonly found: Survey;
  readonly opener: Opener;
  readonly signal: AbortSignal;
}

/** Opens what was begun, stripe after stripe. */
async function readExcerpt(source: Source, excerpt: Excerpt, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const { shape, opener, signal } = source;
  const range = sealedRange(excerpt.chunks, shape.ciphertextLength);
  const { first, end } = stripesOf(shape, range);
  let spare: Uint8Array | undefined;
  for (let stripe = first; stripe < end; stripe++) {
    requireGoing(signal);
    for (const band of bandsOf(shape, stripe, range)) await readBand(source, band);
    const bytes = await opener.next(spare);
    if (bytes.length > 0) await write(bytes);
    spare = bytes;
  }
}

/** Gives the opener the wanted leaves, and for each that is not to be had those of another shard, which together are any k. */
async function readBand({ folder, descriptor, shape, found, opener }: Source, band: Band): Promise<void> {
  const { segment, first, count, length } = placeOf(shape, band);
  const sound = found.sound[segment]!;
  const spare = [...sound.keys()].filter((shard) => !band.wanted.includes(shard));
  const lost: string[] = [];
  const add = async (shard: number): Promise<boolean> => {
    const entries = sound.get(shard);
    if (entries === undefined) return false;
    const name = shardFile(segment, shard);
    const bytes = await readShard(join(folder, name), first * leafBytes, length);
    const added = bytes !== undefined && (await opener.add({ segment, shard, first, bytes, proof: prove(entries, first, count) }));
    if (!added) lost.push(name);
    return added;
  };

  let needed = band.wanted.length;
  for (const shard of band.wanted) if (await add(shard)) needed--;
  if (needed > 0) needed = descriptor.k - (band.wanted.length - needed);
  while (needed > 0) {
    const shard = spare.shift();
    if (shard === undefined) throw new ShoalError('integrity', `Shards were changed while they were read: ${listed(lost)}. Try again.`);
    if (await add(shard)) needed--;
  }
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new ShoalError('cancelled', 'Interrupted.');
}
