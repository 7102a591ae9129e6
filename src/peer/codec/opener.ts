import { concatBytes } from '../../core/bytes/compare.ts';
import type { CoderFactory } from '../../core/erasure/coder.ts';
import { sealedRange } from '../../core/crypto/chunks.ts';
import { ShoalError } from '../../core/errors.ts';
import { verifyProof } from '../../core/merkle/proof.ts';
import { leafBytes } from '../../core/merkle/tree.ts';
import { type Descriptor, parseDescriptor, shardRoot } from '../../core/object/descriptor.ts';
import { type Excerpt, headExcerpt } from '../../core/object/excerpt.ts';
import { type Geometry, geometry } from '../../core/object/geometry.ts';
import type { Crypto, LeafRange, Opener, OpenJob, PlainHeader } from '../ports.ts';
import { createStripeLeaves } from './stripe-leaves.ts';
import { createUnsealer } from './unseal.ts';

/**
 * Opens one object (SPEC OPEN-*): verifies leaves as they come, from any holder and in any order, and decodes and decrypts excerpts of it,
 * stripe after stripe. It keeps what was added and not yet opened, so the caller bounds the memory by not adding far ahead of `next`.
 *
 * Throws `bad-input` or `integrity` for a descriptor of which nothing can be opened.
 */
export function createOpener(job: OpenJob, crypto: Crypto, coder: CoderFactory): Opener {
  const { descriptor } = parseDescriptor(job.descriptor);
  const shape = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const code = coder(shape.k, shape.m);
  const unsealer = createUnsealer({ ...descriptor, readKey: job.readKey }, crypto);
  const leavesOf = (excerpt: Excerpt) => createStripeLeaves(shape, code, sealedRange(excerpt.chunks, shape.ciphertextLength));
  const header = deferred<PlainHeader>();
  let kept = leavesOf(headExcerpt);
  let ended: ShoalError | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const alive = (): void => {
    if (ended !== undefined) throw ended;
  };
  const end = (error: unknown): ShoalError => {
    ended ??= error instanceof ShoalError ? error : new ShoalError('internal', String(error));
    header.reject(ended);
    return ended;
  };

  const openStripe = async (spare: Uint8Array | undefined): Promise<Uint8Array> => {
    alive();
    if (kept.left() === 0) throw new ShoalError('internal', 'The excerpt was opened to its end already.');
    const part = kept.take();
    if (part === undefined) throw new ShoalError('not-enough-shards', 'Too few leaves of the next stripe were added.');
    try {
      const fileBytes = await unsealer.push(part.pieces, spare);
      // Not after a failure: chunks that are still being decrypted lie in it.
      part.release();
      alive();
      if (unsealer.header !== undefined) header.resolve(unsealer.header);
      return fileBytes;
    } catch (error) {
      throw end(error);
    }
  };

  return {
    async begin(excerpt) {
      await turn;
      alive();
      unsealer.begin(excerpt);
      kept = leavesOf(excerpt);
    },
    async add(leaves) {
      alive();
      const sound = await areSigned(leaves, descriptor, shape, crypto);
      alive();
      if (sound) kept.add(leaves.segment, leaves.shard, leaves.first, leaves.bytes);
      return sound;
    },
    next(spare) {
      const opened = turn.then(() => openStripe(spare));
      turn = opened.catch(() => undefined);
      return opened;
    },
    header: () => header.promise,
    close() {
      end(new ShoalError('cancelled', 'Opening was cancelled.'));
    },
  };
}

/** Whether these are the leaves they claim to be: whole leaves of a shard of this object, under its signed root. */
async function areSigned(leaves: LeafRange, descriptor: Descriptor, shape: Geometry, crypto: Crypto): Promise<boolean> {
  const { segment, shard, first, bytes, proof } = leaves;
  if (![segment, shard, first].every((index) => Number.isInteger(index) && index >= 0)) return false;
  if (segment >= shape.segments || shard >= shape.n || !wholeLeaves(first * leafBytes, bytes.length, shape.shardLength(segment)))
    return false;
  const hashes: Promise<Uint8Array>[] = [];
  for (let offset = 0; offset < bytes.length; offset += leafBytes) hashes.push(crypto.sha256(bytes.subarray(offset, offset + leafBytes)));
  const entries = concatBytes(...(await Promise.all(hashes)));
  return verifyProof(shardRoot(descriptor, segment, shard), shape.leaves(segment), first, entries, proof);
}

/** Only the last leaf of a shard may be short. */
function wholeLeaves(start: number, length: number, shardLength: number): boolean {
  const end = start + length;
  return length > 0 && end <= shardLength && (length % leafBytes === 0 || end === shardLength);
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

/** A promise settled from outside; nobody has to listen to its failure. */
function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  return { promise, ...settle! };
}
