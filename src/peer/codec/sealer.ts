import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import type { Coder, CoderFactory, Room } from '../../core/erasure/coder.ts';
import { ShoalError } from '../../core/errors.ts';
import { hashBytes, leafBytes, leafCount, merkleRoot } from '../../core/merkle/tree.ts';
import { blockBytes, type Geometry, geometry, maxCiphertextLength, stripesPerSegment } from '../../core/object/geometry.ts';
import type { Commitment, Crypto, SealJob, Sealer } from '../ports.ts';
import { callsAtOnce, inLanes } from './lanes.ts';
import { fileChanged, plaintextStream, type ReadFile } from './plaintext.ts';
import { type Ciphertext, ciphertextOf, type PlainRange } from './seal-range.ts';

/** What one sealer works on. */
interface Work {
  readonly ciphertext: Ciphertext;
  readonly geometry: Geometry;
  readonly coder: Coder;
  readonly crypto: Crypto;
}

/**
 * Seals one file twice (SPEC SEAL-*): the first pass keeps leaf digests and gives the roots to sign, the second gives blocks, none of
 * which leaves before its digests equal the first pass's. Blocks come in buffers of their own, fit to be transferred.
 *
 * `commit` rejects with `too-large` for a file whose descriptor would outgrow its bound, before anything is sealed.
 */
export function createSealer(job: SealJob, read: ReadFile, crypto: Crypto, coder: CoderFactory): Sealer {
  let closed = false;
  const open = (): void => {
    if (closed) throw new ShoalError('cancelled', 'Sealing was cancelled.');
  };
  const readWhileOpen: ReadFile = async (start, end, spare) => {
    open();
    return read(start, end, spare);
  };
  const guarded = async <T>(run: () => Promise<T>): Promise<T> => {
    open();
    try {
      return await run();
    } finally {
      open();
    }
  };
  const work = once(() => prepare(job, readWhileOpen, crypto, coder));
  let digests: LeafDigests | undefined;

  return {
    commit: (progress) =>
      guarded(async () => {
        const ready = await work();
        const found = await firstPass(ready, (done) => {
          open();
          progress(Math.floor(job.file.size * (done / ready.ciphertext.length)));
        });
        digests = found;
        return commitmentOf(ready, found);
      }),
    stripe: (stripe, shards, spare = []) =>
      guarded(async () => {
        if (digests === undefined) throw new ShoalError('internal', 'A stripe was asked for before the file was committed.');
        return secondPass(await work(), digests, stripe, shards, spare);
      }),
    close() {
      closed = true;
    },
  };
}

/** Joined leaf digests of the n shards of each segment, by segment and shard. */
type LeafDigests = readonly (readonly Uint8Array[])[];

async function prepare(job: SealJob, read: ReadFile, crypto: Crypto, coder: CoderFactory): Promise<Work> {
  const { name, media, mtime, k, m, file } = job;
  const ciphertext = await ciphertextOf(job, plaintextStream({ name, media, mtime, size: file.size }, read), crypto);
  const most = maxCiphertextLength(k, m);
  if (ciphertext.length > most) {
    throw new ShoalError('too-large', `The file is too large: with ${k} data and ${m} parity shards at most ${most} bytes can be stored.`);
  }
  return { ciphertext, geometry: geometry(k, m, ciphertext.length), coder: coder(k, m), crypto };
}

/** Seals everything once; `progress` gets ciphertext bytes done. */
async function firstPass(work: Work, progress: (done: number) => void): Promise<LeafDigests> {
  const shape = work.geometry;
  const digests = Array.from({ length: shape.segments }, (_, segment) =>
    Array.from({ length: shape.n }, () => new Uint8Array(hashBytes * shape.leaves(segment))),
  );
  const readStripe = (stripe: number): Promise<PlainRange> => {
    const read = readRange(work, stripe);
    read.catch(() => {});
    return read;
  };
  let done = 0;
  // The next one is read while one is sealed: two that are sealed by turns would end together, and then both wait for the file.
  let next = readStripe(0);
  for (let stripe = 0; stripe < shape.stripes; stripe++) {
    const range = await next;
    if (stripe + 1 < shape.stripes) next = readStripe(stripe + 1);
    const { segment, offset } = placeOf(stripe);
    await withStripe(work, stripe, range, true, async (room) => {
      const blocks = digests[segment]!.map((_, shard) => room.block(shard));
      await hashLeaves(work.crypto, blocks, (shard, at, digest) => digests[segment]![shard]!.set(digest, offset + at));
    });
    const { start, end } = shape.stripeRange(stripe);
    done += end - start;
    progress(done);
  }
  return digests;
}

/** Seals one stripe again and hands out the wanted blocks if they are what the first pass saw, in spare ones as far as there are. */
async function secondPass(
  work: Work,
  digests: LeafDigests,
  stripe: number,
  shards: readonly number[],
  spare: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const { k, n, stripes } = work.geometry;
  if (!isIndex(stripe, stripes) || !shards.every((shard) => isIndex(shard, n))) {
    throw new ShoalError('internal', `There is no stripe ${stripe} with shards ${shards.join(', ')}.`);
  }
  const withParity = shards.some((shard) => shard >= k);
  const { segment, offset } = placeOf(stripe);
  const fitting = spare.filter(({ length }) => length === work.geometry.blockLength(stripe));
  return withStripe(work, stripe, await readRange(work, stripe), withParity, async (room) => {
    const blocks = shards.map((shard) => room.block(shard));
    await hashLeaves(work.crypto, blocks, (i, at, digest) => {
      const before = offset + at;
      if (!equalBytes(digest, digests[segment]![shards[i]!]!.subarray(before, before + hashBytes))) throw fileChanged();
    });
    return blocks.map((block, i) => {
      fitting[i]?.set(block);
      return fitting[i] ?? block.slice();
    });
  });
}

function readRange({ ciphertext, geometry: { stripeRange } }: Work, stripe: number): Promise<PlainRange> {
  const { start, end } = stripeRange(stripe);
  return ciphertext.read(start, end);
}

/** Seals one stripe and lends the room with its blocks until `use` is done: data, zero-filled, then parity if wanted. */
async function withStripe<T>(
  work: Work,
  stripe: number,
  range: PlainRange,
  withParity: boolean,
  use: (room: Room) => Promise<T>,
): Promise<T> {
  const { k, stripeRange, blockLength } = work.geometry;
  const { start, end } = stripeRange(stripe);
  const room = work.coder.room(blockLength(stripe));
  await range.seal(room.bytes);
  room.bytes.fill(0, end - start, k * room.blockLength);
  if (withParity) room.encode();
  const used = await use(room);
  // Not after a failure: whatever else goes on in it then still may.
  room.release();
  return used;
}

/** Tells H of each leaf of blocks of one length: of block `i`, and where it stands in the joined digests of the block. */
async function hashLeaves(
  crypto: Crypto,
  blocks: readonly Uint8Array[],
  tell: (i: number, at: number, digest: Uint8Array) => void,
): Promise<void> {
  const leaves = leafCount(blocks[0]?.length ?? 0);
  await inLanes(blocks.length * leaves, callsAtOnce, async (index) => {
    const i = Math.floor(index / leaves);
    const leaf = index % leaves;
    tell(i, leaf * hashBytes, await crypto.sha256(blocks[i]!.subarray(leaf * leafBytes, (leaf + 1) * leafBytes)));
  });
}

/** The segment of a stripe, and where the digests of its blocks stand in those of the segment's shards. */
function placeOf(stripe: number): { readonly segment: number; readonly offset: number } {
  return { segment: Math.floor(stripe / stripesPerSegment), offset: (stripe % stripesPerSegment) * (blockBytes / leafBytes) * hashBytes };
}

function commitmentOf(work: Work, digests: LeafDigests): Commitment {
  return { ciphertextLength: work.ciphertext.length, roots: concatBytes(...digests.flat().map(merkleRoot)) };
}

function isIndex(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
