import * as Comlink from 'comlink';
import { concatBytes, equalBytes } from '../../src/core/bytes/compare.ts';
import { chunkBytes, sealedChunkBytes, sealedRange } from '../../src/core/crypto/chunks.ts';
import { leafBytes } from '../../src/core/merkle/tree.ts';
import { bandsOf, type ByteRange, stripesOf } from '../../src/core/object/bands.ts';
import { type Excerpt, excerptOf, headExcerpt } from '../../src/core/object/excerpt.ts';
import { callsAtOnce, inLanes } from '../../src/peer/codec/lanes.ts';
import { createOpener } from '../../src/peer/codec/opener.ts';
import { jobOf, keys, shapeOf, shardsOf, signedDescriptor } from '../../src/peer/codec/samples.contract.ts';
import type { ReadFile } from '../../src/peer/codec/plaintext.ts';
import { createSealer } from '../../src/peer/codec/sealer.ts';
import type { LeafRange, Opener } from '../../src/peer/ports.ts';
import { blobReader } from '../../src/platform/browser/blob-reader.ts';
import { webCrypto } from '../../src/platform/web-crypto.ts';
import { bestCoders } from '../../workers/kernel/kernel.ts';
import { blockBytes, checkCoders, encodedRoom, encodeSpeed, k, m, speedOfAsync } from '../coding.ts';
import { type Held, leavesHeld } from './held.ts';

// Seals and opens as workers/codec.worker.ts does, of the same parts, with nobody to talk to; and measures these parts by themselves.

const port = webCrypto(crypto.subtle);
const coders = bestCoders();
/** Stripes that a download fetches ahead. */
const openedAhead = 3;
const stripeBytes = k * blockBytes;

/** Shards from which objects are opened: the data, or parity for as many of the data as may be lost. */
const given = { healthy: [0, 1, 2, 3, 4, 5], lost: [3, 4, 5, 6, 7, 8] };

interface Prepared {
  readonly file: File;
  /** What is in it. */
  readonly bytes: Uint8Array;
  readonly held: Held;
  readonly descriptor: Uint8Array;
}

async function prepared(file: File): Promise<Prepared> {
  checkCoders('the kernel of the worker', coders);
  const job = { ...jobOf(file.size, k, m), file };
  const reader = blobReader(file);
  const sealer = createSealer(job, reader.read, port, coders);
  const commitment = await sealer.commit(() => {});
  const shape = shapeOf(job, commitment);
  const held = await leavesHeld(shape, await shardsOf(sealer, shape), port);
  reader.close();
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { file, bytes, held, descriptor: await signedDescriptor(job, commitment, port) };
}

async function seal(file: File, read: ReadFile): Promise<void> {
  const sealer = createSealer({ ...jobOf(file.size, k, m), file }, read, port, coders);
  await sealer.commit(() => {});
  sealer.close();
}

async function sealFromFile({ file }: Prepared): Promise<void> {
  const reader = blobReader(file);
  await seal(file, reader.read);
  reader.close();
}

const sealFromMemory = ({ file, bytes }: Prepared): Promise<void> => seal(file, async (start, end) => bytes.subarray(start, end));

/**
 * Leaves by stripe, as they come to a reader. The same for every opening: an opener only reads them, and to free those of the opening before,
 * another 66 MiB for each, would be a part of what is measured.
 */
interface Leaves {
  readonly head: readonly LeafRange[];
  readonly body: readonly (readonly LeafRange[])[];
}

function leavesFor({ held }: Prepared, shards: readonly number[]): Leaves {
  const { shape } = held;
  const rangesOf = (stripe: number, range: ByteRange): LeafRange[] =>
    bandsOf(shape, stripe, range).flatMap((band) => {
      const asked = band.wanted.every((shard) => shards.includes(shard)) ? band.wanted : shards;
      return asked.map((shard) => held.leaves(shard, band));
    });
  const whole = { start: 0, end: shape.ciphertextLength };
  return {
    head: rangesOf(0, sealedRange(headExcerpt.chunks, shape.ciphertextLength)),
    body: Array.from({ length: shape.stripes }, (_, stripe) => rangesOf(stripe, whole)),
  };
}

/** Opens the whole object from its leaves, a few stripes ahead as a download does. */
async function open({ descriptor, held, file }: Prepared, { head, body }: Leaves, got: (bytes: Uint8Array) => void): Promise<void> {
  const opener = createOpener({ descriptor, readKey: keys.readKey }, port, coders);
  await addAll(opener, head);
  await opener.next();
  const excerpt: Excerpt = excerptOf(await opener.header(), undefined);
  await opener.begin(excerpt);
  const { end } = stripesOf(held.shape, sealedRange(excerpt.chunks, held.shape.ciphertextLength));
  const ahead: Promise<void>[] = [];
  let opened = 0;
  let spare: Uint8Array | undefined;
  for (let stripe = 0; stripe < end; stripe++) {
    for (let next = stripe + ahead.length; next < Math.min(end, stripe + openedAhead); next++) ahead.push(addAll(opener, body[next]!));
    await ahead.shift();
    spare = await opener.next(spare);
    opened += spare.length;
    got(spare);
  }
  opener.close();
  if (opened !== file.size) throw new Error(`${opened} bytes were opened instead of ${file.size}`);
}

async function addAll(opener: Opener, ranges: readonly LeafRange[]): Promise<void> {
  const sound = await Promise.all(ranges.map((range) => opener.add(range)));
  if (!sound.every(Boolean)) throw new Error('sound leaves were refused');
}

async function checkOpening(object: Prepared, shards: readonly number[]): Promise<void> {
  const file = object.bytes;
  let at = 0;
  await open(object, leavesFor(object, shards), (bytes) => {
    if (!equalBytes(bytes, file.subarray(at, at + bytes.length))) throw new Error(`what was opened at ${at} is not the file`);
    at += bytes.length;
  });
}

/** Reads the file as the sealer does, and does nothing with it. */
async function read(file: File): Promise<void> {
  const reader = blobReader(file);
  let spare: Uint8Array | undefined;
  for (let at = 0; at < file.size; at += stripeBytes) spare = await reader.read(at, Math.min(at + stripeBytes, file.size), spare);
  reader.close();
}

/**
 * The calls of sealing and nothing else, in a plain loop: a stripe is read while the one before is encrypted to its place, coded and
 * hashed. No nonces, no chunk that two stripes share, no digests kept, no trees: what is left when all that is ours is taken away.
 */
async function plainLoop(file: File): Promise<void> {
  const reader = blobReader(file);
  const room = coders(k, m).room(blockBytes);
  const { seal: sealChunk } = await port.aesGcm(keys.readKey);
  const nonce = new Uint8Array(12);
  const leaves = piecesOf(room.bytes, leafBytes);
  const places = piecesOf(room.bytes, sealedChunkBytes);
  const read = (at: number, spare?: Uint8Array) => reader.read(at, Math.min(at + stripeBytes, file.size), spare);
  let next: Promise<Uint8Array> | undefined = read(0);
  let spare: Uint8Array | undefined;
  for (let at = 0; next !== undefined; at += stripeBytes) {
    const plaintext = await next;
    next = at + stripeBytes < file.size ? read(at + stripeBytes, spare) : undefined;
    const chunks = piecesOf(plaintext, chunkBytes);
    await inLanes(chunks.length, callsAtOnce, async (i) => void (await sealChunk(nonce, chunks[i]!, places[i % places.length])));
    room.encode();
    await inLanes(leaves.length, callsAtOnce, async (i) => void (await port.sha256(leaves[i]!)));
    spare = plaintext;
  }
  room.release();
  reader.close();
}

/**
 * The calls of opening and nothing else: the leaves of a stripe are hashed, then its chunks opened, where they lie one after another. No
 * proofs, no chunk over the seam of two leaves, no head, nothing handed on.
 */
async function plainOpening(sealed: Uint8Array): Promise<void> {
  const { open: openChunk } = await port.aesGcm(keys.readKey);
  const nonce = new Uint8Array(12);
  const atOnce = (stripeBytes / chunkBytes) * sealedChunkBytes;
  for (let at = 0; at < sealed.length; at += atOnce) {
    const part = sealed.subarray(at, at + atOnce);
    const [leaves, chunks] = [piecesOf(part, leafBytes), piecesOf(part, sealedChunkBytes)];
    await inLanes(leaves.length, callsAtOnce, (i) => port.sha256(leaves[i]!));
    await inLanes(chunks.length, callsAtOnce, (i) => openChunk(nonce, chunks[i]!));
  }
}

const piecesOf = (bytes: Uint8Array, length: number): Uint8Array[] =>
  Array.from({ length: Math.floor(bytes.length / length) }, (_, i) => bytes.subarray(i * length, (i + 1) * length));

/** The parts of sealing and opening, as many calls in flight as they have, on memory like the sealer's; and on a whole file, which no cache holds. */
async function parts({ bytes: file }: Prepared) {
  const room = encodedRoom(coders);
  const stripes = 16;
  const leaves = piecesOf(room.bytes, leafBytes);
  const chunks = piecesOf(room.bytes.slice(0, stripeBytes), chunkBytes);
  const places = piecesOf(room.bytes, sealedChunkBytes);
  const { seal: sealChunk, open: openChunk } = await port.aesGcm(keys.readKey);
  const nonce = new Uint8Array(12);
  const sealedOf = (pieces: readonly Uint8Array[]) => Promise.all(pieces.map((chunk) => sealChunk(nonce, chunk)));
  const sealed = await sealedOf(chunks);
  const sealedFile = concatBytes(...(await sealedOf(piecesOf(file, chunkBytes))));
  const each = (bytes: number, pieces: readonly Uint8Array[], work: (piece: Uint8Array, i: number) => Promise<unknown>, times = stripes) =>
    speedOfAsync(times * bytes, () =>
      inLanes(times * pieces.length, callsAtOnce, (i) => work(pieces[i % pieces.length]!, i % pieces.length)),
    );
  return {
    encrypt: () => each(stripeBytes, chunks, (chunk) => sealChunk(nonce, chunk)),
    encryptInPlace: () => each(stripeBytes, chunks, (chunk, i) => sealChunk(nonce, chunk, places[i % places.length])),
    decrypt: () => each(stripeBytes, sealed, (chunk) => openChunk(nonce, chunk)),
    plainOpening: () => speedOfAsync(file.length, () => plainOpening(sealedFile)),
    decryptFile: () => each(file.length, piecesOf(sealedFile, sealedChunkBytes), (chunk) => openChunk(nonce, chunk), 1),
    hashFile: () => each(file.length, piecesOf(file, leafBytes), (leaf) => port.sha256(leaf), 1),
    hash: () => each((k + m) * blockBytes, leaves, (leaf) => port.sha256(leaf)),
    code: async () => encodeSpeed(room),
  };
}

/** What is measured, each in MB/s: of the file, and for the parts of the bytes that they work on. */
async function codecBench(file: File) {
  const object = await prepared(file);
  const { size } = file;
  for (const shards of Object.values(given)) await checkOpening(object, shards);
  const opening = (shards: readonly number[]) => {
    const leaves = leavesFor(object, shards);
    return () => speedOfAsync(size, () => open(object, leaves, () => {}));
  };
  return Comlink.proxy({
    ...(await parts(object)),
    read: () => speedOfAsync(size, () => read(file)),
    seal: () => speedOfAsync(size, () => sealFromFile(object)),
    sealMemory: () => speedOfAsync(size, () => sealFromMemory(object)),
    plainLoop: () => speedOfAsync(size, () => plainLoop(file)),
    open: opening(given.healthy),
    openLost: opening(given.lost),
  });
}

const api = { start: codecBench };
export type CodecBenchWorker = typeof api;

Comlink.expose(api);
