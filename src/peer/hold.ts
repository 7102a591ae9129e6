import { equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { ShoalError } from '../core/errors.ts';
import { type Prove, proverOf } from '../core/merkle/proof.ts';
import { leafBytes } from '../core/merkle/tree.ts';
import { shardRoot } from '../core/object/descriptor.ts';
import { blockBytes, geometry } from '../core/object/geometry.ts';
import { kinds, readBody, readOk, storeBody, storeOk, storeProgress } from '../core/wire/kinds.ts';
import type { Admission } from './admission.ts';
import { type Authority, withoutRequest } from './authority.ts';
import type { OwnClaims } from './claims.ts';
import type { Descriptors } from './descriptors.ts';
import type { Incoming, Links } from './links/exchange.ts';
import type { Clock, Crypto, Place, ShardStore } from './ports.ts';
import { receiveShard } from './receive-shard.ts';

/** Shards whose trees are kept for the next read of them; at most 16 KiB each and their places. */
const proversMax = 64;

/** Answers `store` and `read`: a holder keeps shards for others, which it cannot read, and proves what it serves. */
export function hold(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly shards: ShardStore;
  readonly authority: Authority;
  readonly admission: Admission;
  readonly descriptors: Descriptors;
  readonly claims: OwnClaims;
  /** A shard from `from` is held durably now. */
  readonly stored: (place: Place, from: string) => void;
  /** Bytes were reserved, used or freed; or the disk turned out to be full, and so the capacity is less. */
  readonly usageChanged: () => void;
}): void {
  const { clock, crypto, links, shards, authority, admission, descriptors, claims } = options;

  /** Of the shards read last, which are read piece by piece: what a shard's place names never has other leaves. */
  const provers = new Map<string, Prove>();
  const proverFor = ({ contentRoot, segment, shard }: Place, digests: Uint8Array): Prove => {
    const key = `${contentRoot} ${segment} ${shard}`;
    const prover = provers.get(key) ?? proverOf(digests);
    provers.delete(key);
    provers.set(key, prover);
    if (provers.size > proversMax) provers.delete(provers.keys().next().value!);
    return prover;
  };

  /** Gives the signed claim that covers the shard. */
  const store = async (incoming: Incoming): Promise<Uint8Array> => {
    const { request, contentRoot, segment, shard, length, descriptor: given } = storeBody.read(incoming.body);
    const { session, kind } = incoming;
    const { descriptor, signed, isDraft } = await (given === undefined
      ? descriptors.find(session, contentRoot)
      : descriptors.admit(session, given));
    if (!equalBytes(descriptor.contentRoot, contentRoot)) throw new ShoalError('bad-input', 'the descriptor is of another object');
    await authority.require(session, kind, request, withoutRequest(incoming.body), descriptor.objectKey);

    const shape = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
    if (segment >= shape.segments || shard >= shape.n || length !== shape.shardLength(segment))
      throw new ShoalError('bad-input', 'the object has no such shard');
    await admission.admit(descriptor);
    const place: Place = { contentRoot: toHex(contentRoot), segment, shard };
    if ((await shards.meta(place)) === undefined) {
      await receiveShard({
        clock,
        crypto,
        shards,
        incoming,
        meta: { ...place, length, root: shardRoot(descriptor, segment, shard), owner: descriptor.objectKey, lease: descriptor.leaseMs },
        staged: options.usageChanged,
        committing: () => admission.committing(descriptor),
        durable: (durable) => incoming.progress(storeProgress.write({ durable })),
      }).finally(options.usageChanged);
      claims.add(place);
      await admission.committed(descriptor, isDraft);
      options.stored(place, session.node);
    }
    return isDraft ? claims.claimDraft(descriptor, signed) : claims.claim(descriptor, signed);
  };

  links.handle(kinds.store, async (incoming) => storeOk.write({ claim: await store(incoming) }));

  links.handle(kinds.read, async (incoming) => {
    const { contentRoot, segment, shard, first, count } = readBody.read(incoming.body);
    const place: Place = { contentRoot: toHex(contentRoot), segment, shard };
    const meta = await shards.meta(place);
    if (meta === undefined) throw new ShoalError('not-found', 'this shard is not held here');
    if ((first + count - 1) * leafBytes >= meta.length) throw new ShoalError('bad-input', 'the shard has fewer leaves');
    const end = Math.min((first + count) * leafBytes, meta.length);
    // Block by block, each when the one before has left: a reader that takes nothing costs one block of memory.
    for (let offset = first * leafBytes; offset < end; offset += blockBytes) {
      const bytes = await shards.read(place, offset, Math.min(blockBytes, end - offset));
      if (bytes === undefined) throw new ShoalError('not-found', 'this shard is not held here in full');
      await incoming.send(bytes);
    }
    incoming.end();
    return readOk.write({ proof: proverFor(place, meta.digests)(first, count) });
  });
}
