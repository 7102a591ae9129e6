import { equalBytes } from '../core/bytes/compare.ts';
import { fromHex } from '../core/bytes/text.ts';
import { nodeId } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { claimHolds } from '../core/record/claim.ts';
import type { SignedClaim } from '../core/record/record.ts';
import { kinds, storeBody, storeOk, storeProgress } from '../core/wire/kinds.ts';
import type { Authority } from './authority.ts';
import type { Session } from './links/exchange.ts';
import type { Clock, Crypto, Place, Signer } from './ports.ts';
import { verifyClaim } from './verify.ts';

/** A holder that takes no byte and reports none durable for this long is dropped. */
const stallMs = 10_000;
/** Bound on a whole store, far beyond what a holder that keeps moving needs for 8 MiB. */
const storeMs = 3_600_000;

/** One shard on its way to one holder. */
export interface StoreStream {
  readonly place: Place;
  readonly node: string;
  /** Sends the next block; resolves when it was handed over or the stream has failed. */
  send(block: Uint8Array): Promise<void>;
  /** No more blocks. Gives the holder's claim that covers the shard; throws why it could not be stored. */
  finish(): Promise<SignedClaim>;
  /** Why the stream ended before its time. */
  failure(): ShoalError | undefined;
  cancel(): void;
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
}

export async function openStoreStream(options: StoreStreamOptions): Promise<StoreStream> {
  const { clock, crypto, authority, session, owner, descriptor, signedDescriptor, place, durable } = options;
  const shape = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const body = storeBody.write({
    request: new Uint8Array(),
    contentRoot: fromHex(place.contentRoot),
    segment: place.segment,
    shard: place.shard,
    length: shape.shardLength(place.segment),
    descriptor: signedDescriptor,
  });
  const call = await authority.call(session, owner, kinds.store, withoutRequest(body), { deadlineMs: storeMs });
  let failure: ShoalError | undefined;
  let settled = false;
  let stopWatch = (): void => {};

  const fail = (error: unknown): void => {
    failure ??= error instanceof ShoalError ? error : new ShoalError(errorCode(error), String(error));
  };
  /** (Re)starts the stall watch: only while this end waits for the other. */
  const watch = (): void => {
    stopWatch();
    if (settled) return;
    stopWatch = clock.timer(stallMs, () => {
      fail(new ShoalError('timeout', `the holder took nothing for ${stallMs / 1_000} s`));
      call.cancel();
    });
  };
  call.onProgress((progress) => {
    watch();
    durable(storeProgress.read(progress).durable);
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
      stopWatch();
    });

  return {
    place,
    node: session.node,
    failure: () => failure,
    cancel: () => call.cancel(),
    async send(block) {
      if (failure !== undefined || settled) return;
      watch();
      // A send that fails says less than the answer that follows it: the answer's error is the one kept.
      await Promise.race([call.send(block), answer]).catch(() => {});
      stopWatch();
    },
    async finish() {
      if (failure !== undefined) throw failure;
      if (!settled) call.end();
      watch();
      const claim = await verifyClaim(crypto, await answer);
      requireCovers(claim, session.node, descriptor, place, shape.n);
      return claim;
    },
  };
}

/** The body as the signature covers it: the authority puts the request in. */
function withoutRequest(body: ReturnType<typeof storeBody.write>): ReturnType<typeof storeBody.write> {
  const rest = new Map(body);
  rest.delete(1);
  return rest;
}

function requireCovers(signed: SignedClaim, node: string, descriptor: Descriptor, place: Place, n: number): void {
  const { claim } = signed;
  const covers =
    nodeId(claim.holder) === node &&
    equalBytes(claim.objectKey, descriptor.objectKey) &&
    equalBytes(claim.contentRoot, descriptor.contentRoot) &&
    claimHolds(claim, place.segment * n + place.shard);
  if (!covers) throw new ShoalError('integrity', 'the holder’s claim does not cover the shard it was given');
}
