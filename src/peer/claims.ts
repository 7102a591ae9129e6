import { toHex } from '../core/bytes/text.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { bitmapOf, claimLabel, encodeClaimBody, parseClaim } from '../core/record/claim.ts';
import { recordOf } from '../core/record/record.ts';
import { claimLifetimeMs } from '../core/wire/limits.ts';
import type { Clock, Place, ShardStore, Signer } from './ports.ts';
import type { Records } from './records.ts';

/** The claims that this peer makes for what it holds. */
export interface OwnClaims {
  /** Learns what the shard store holds from earlier runs. */
  start(): Promise<void>;
  /** A shard was committed to the store. */
  add(place: Place): void;
  /** Shards held. */
  count(): number;
  /** A fresh signed claim on all shards of this object version held here, also kept in the local record beside the descriptor. */
  claim(descriptor: Descriptor, signedDescriptor: Uint8Array): Promise<Uint8Array>;
}

export function createOwnClaims(options: {
  readonly clock: Clock;
  readonly node: Signer;
  readonly shards: ShardStore;
  readonly records: Records;
  /** Own NodeId. */
  readonly self: string;
  /** Whether the browser promised to keep the data. */
  readonly persisted: () => boolean;
}): OwnClaims {
  const { clock, node, shards, records, self, persisted } = options;
  /** Places held, by contentRoot. */
  const held = new Map<string, Place[]>();
  /** Claims are made one after another: each counts on from the one before. */
  let queue: Promise<unknown> = Promise.resolve();

  const make = async (descriptor: Descriptor, signedDescriptor: Uint8Array): Promise<Uint8Array> => {
    const contentRoot = toHex(descriptor.contentRoot);
    const { segments, n } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
    const bits = (held.get(contentRoot) ?? []).map(({ segment, shard }) => segment * n + shard);
    const record = recordOf(signedDescriptor, descriptor, []);
    const before = (await records.local(record.recordKey))?.claims.get(self)?.claim.seq ?? 0;
    const issued = clock.now();
    const body = encodeClaimBody({
      objectKey: descriptor.objectKey,
      contentRoot: descriptor.contentRoot,
      holder: node.publicKey,
      // Rises even when the clock went back, and over a lost local record as far as the clock is right.
      seq: Math.max(before + 1, issued),
      bitmap: bitmapOf(bits, segments * n),
      issuedMs: issued,
      expiresMs: Math.min(issued + claimLifetimeMs, Math.max(issued, descriptor.leaseMs)),
      durability: 0,
      persisted: persisted() ? 1 : 0,
    });
    const signed = encodeSigned(body, await node.sign(signingBytes(claimLabel, body)));
    await records.merge(recordOf(signedDescriptor, descriptor, [{ claim: parseClaim(signed).claim, signed }]));
    return signed;
  };

  const add = ({ contentRoot, segment, shard }: Place): void => {
    held.set(contentRoot, [...(held.get(contentRoot) ?? []), { contentRoot, segment, shard }]);
  };

  return {
    async start() {
      for (const place of await shards.list()) add(place);
    },
    add,
    count: () => [...held.values()].reduce((sum, places) => sum + places.length, 0),
    claim(descriptor, signedDescriptor) {
      const made = queue.then(() => make(descriptor, signedDescriptor));
      queue = made.catch(() => {});
      return made;
    },
  };
}
