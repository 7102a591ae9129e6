import { equalBytes } from '../core/bytes/compare.ts';
import { fromHex } from '../core/bytes/text.ts';
import { nodeId } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { type Claim, claimHolds, type SignedClaim } from '../core/record/claim.ts';
import { kinds, storeBody, storeOk, storeProgress } from '../core/wire/kinds.ts';
import { coldWindowBytes, frameHeaderBytes } from '../core/wire/limits.ts';
import { type Authority, withoutRequest } from './authority.ts';
import { watchIdle } from './idle.ts';
import type { Session } from './links/exchange.ts';
import type { Clock, Crypto, Place, Signer } from './ports.ts';
import type { Task } from './task.ts';
import { verifyClaim } from './verify.ts';

/** A holder that takes no byte and reports none durable for this long is dropped. */
const stallMs = 10_000;
/** Where other streams to it move meanwhile this one may only wait for its turn: then it is given so long. */
const crowdedMs = 60_000;
/** A link on which more than this went out meanwhile moves. */
const movedBytes = 16_384;
/** A holder's taking is noticed in pieces of this size: whole frames, both the smaller ones of a cold link and the larger ones. */
const pieceBytes = 4 * (coldWindowBytes / 4 - frameHeaderBytes);
/** Bound on a whole store, far beyond what a holder that keeps moving needs for 8 MiB. */
const storeMs = 3_600_000;

/** One shard on its way to one holder. */
export interface StoreStream {
  readonly place: Place;
  readonly session: Session;
  readonly node: string;
  /** Sends the next block, after those before it; resolves when it was handed over or the stream has failed. */
  send(block: Uint8Array): Promise<void>;
  /** No more blocks. Gives the holder's claim that covers the shard; throws why it could not be stored. */
  finish(): Promise<SignedClaim>;
  /** Why the stream ended before its time. */
  failure(): ShoalError | undefined;
}

export interface StoreStreamOptions {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly authority: Authority;
  readonly session: Session;
  readonly owner: Signer;
  readonly descriptor: Descriptor;
  /** The signed descriptor where it did not go over this link before. */
  readonly signedDescriptor: Uint8Array | undefined;
  readonly place: Place;
  /** Told how many bytes of the shard the holder reports as durable. */
  readonly durable: (bytes: number) => void;
  /** When it ends, the store is given up. */
  readonly task: Task;
}

export async function openStoreStream(options: StoreStreamOptions): Promise<StoreStream> {
  const { clock, crypto, authority, session, owner, descriptor, signedDescriptor, place, durable } = options;
  const shape = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const length = shape.shardLength(place.segment);
  const body = storeBody.write({
    request: new Uint8Array(),
    contentRoot: fromHex(place.contentRoot),
    segment: place.segment,
    shard: place.shard,
    length,
    descriptor: signedDescriptor,
  });
  const call = await authority.call(session, owner, kinds.store, withoutRequest(body), { deadlineMs: storeMs });
  const release = options.task.onEnd(() => call.cancel());
  let failure: ShoalError | undefined;
  let settled = false;
  /** Things this end waits for: blocks to be taken, the answer to come. */
  let awaited = 0;
  let sending = Promise.resolve();
  /** Since when this end waits for a sign of life, and what had gone to the other one over the whole link when it was last looked. */
  let waitsMs = 0;
  let sentBefore = 0;

  const fail = (error: unknown): void => {
    failure ??= error instanceof ShoalError ? error : new ShoalError(errorCode(error), String(error));
  };
  const stall = watchIdle(clock, stallMs, () => {
    if (settled || awaited === 0) return;
    const waitedMs = clock.now() - waitsMs;
    const moved = session.stats.sent - sentBefore >= movedBytes;
    if (moved && waitedMs < crowdedMs) {
      sentBefore = session.stats.sent;
      return stall.touch();
    }
    fail(new ShoalError('timeout', `the holder took nothing for ${Math.round(waitedMs / 1_000)} s`));
    call.cancel();
  });
  /** A sign of life, or the beginning of a wait for one. */
  const watch = (): void => {
    if (settled || awaited === 0) return;
    waitsMs = clock.now();
    sentBefore = session.stats.sent;
    stall.touch();
  };
  call.onProgress((progress) => {
    watch();
    durable(Math.min(length, storeProgress.read(progress).durable));
  });
  const answer = call.result.then(
    (ok) => storeOk.read(ok).claim,
    (error: unknown) => {
      fail(error);
      throw failure ?? error;
    },
  );
  answer
    .catch(() => {})
    .finally(() => {
      settled = true;
      stall.stop();
      release();
    });

  const sendPieces = async (block: Uint8Array): Promise<void> => {
    for (let offset = 0; offset < block.length && !settled; offset += pieceBytes) {
      watch();
      // A send that fails says less than the answer that follows it: the answer's error is the one kept.
      await Promise.race([call.send(block.subarray(offset, offset + pieceBytes)), answer]).catch(() => {});
    }
    awaited--;
    watch();
  };

  return {
    place,
    session,
    node: session.node,
    failure: () => failure,
    send(block) {
      awaited++;
      sending = sending.then(() => sendPieces(block));
      return sending;
    },
    async finish() {
      if (failure !== undefined) throw failure;
      if (!settled) call.end();
      awaited++;
      watch();
      const claim = await verifyClaim(crypto, await answer);
      requireCovers(claim.claim, session.node, descriptor, place, clock.now());
      return claim;
    },
  };
}

/** A claim that a record would leave out, or a look-up not show, covers nothing. */
function requireCovers(claim: Claim, node: string, descriptor: Descriptor, place: Place, nowMs: number): void {
  const { n, segments } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const covers =
    nodeId(claim.holder) === node &&
    equalBytes(claim.objectKey, descriptor.objectKey) &&
    equalBytes(claim.contentRoot, descriptor.contentRoot) &&
    claim.bitmap.length === Math.ceil((n * segments) / 8) &&
    claim.expiresMs > nowMs &&
    claimHolds(claim, place.segment * n + place.shard);
  if (!covers) throw new ShoalError('integrity', 'the holder’s claim does not cover the shard');
}
