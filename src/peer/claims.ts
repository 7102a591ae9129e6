import { equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { bitmapOf, claimHolds, claimLabel, encodeClaimBody, parseClaim } from '../core/record/claim.ts';
import type { Head } from '../core/record/heads.ts';
import { joinRecords, type RecordState, recordOf } from '../core/record/record.ts';
import { leaseOf } from '../core/record/view.ts';
import { claimLifetimeMs } from '../core/wire/limits.ts';
import type { Clock, Place, ShardStore, Signer } from './ports.ts';
import type { Records } from './records.ts';

/** The claims that this peer makes for what it holds. */
export interface OwnClaims {
  /** Learns what the shard store holds from earlier runs. */
  start(): Promise<void>;
  /** A shard was committed to the store. */
  add(place: Place): void;
  /** A shard is not held any more. */
  remove(place: Place): void;
  /** Shards held. */
  count(): number;
  places(): readonly Place[];
  /** Those of one contentRoot. */
  of(contentRoot: string): readonly Place[];
  /** What the own claims in the local records name and is not held. */
  missing(): Promise<readonly { readonly place: Place; readonly recordKey: string }[]>;
  /** A fresh signed claim on all shards of this object version held here, also kept in the local record beside the descriptor. */
  claim(descriptor: Descriptor, signedDescriptor: Uint8Array): Promise<Uint8Array>;
  /** The same of a version that is no version yet: its owner alone gets the claim, and no record has it (SPEC VER-6). */
  claimDraft(descriptor: Descriptor, signedDraft: Uint8Array): Promise<Uint8Array>;
  /** The record with a fresh claim on what is held now of each head that an own claim is on; the local one stays as it is. */
  renewed(record: RecordState): Promise<RecordState>;
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
  let lastSeq = 0;
  /** Claims are made one after another: each counts on from the one before. */
  let queue: Promise<unknown> = Promise.resolve();

  const heldOf = (contentRoot: string): readonly Place[] => held.get(contentRoot) ?? [];

  /** The record of this head with nothing in it but a fresh claim of our own. */
  const sign = async (descriptor: Descriptor, signedDescriptor: Uint8Array): Promise<RecordState> => {
    const { segments, n } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
    const bits = heldOf(toHex(descriptor.contentRoot)).map(({ segment, shard }) => segment * n + shard);
    const record = await records.local(toHex(recordKeyOf(descriptor.objectKey)));
    const known = record?.heads.find((head) => equalBytes(head.descriptor.contentRoot, descriptor.contentRoot));
    const before = known?.claims.get(self)?.claim.seq ?? 0;
    const issued = clock.now();
    // Rises even when the clock went back, and over a lost local record as far as the clock is right; on a draft no record has one before.
    lastSeq = Math.max(before + 1, issued, lastSeq + 1);
    const leaseMs = leaseOf(record ?? {}, descriptor, issued);
    const body = encodeClaimBody({
      objectKey: descriptor.objectKey,
      contentRoot: descriptor.contentRoot,
      holder: node.publicKey,
      seq: lastSeq,
      bitmap: bitmapOf(bits, segments * n),
      issuedMs: issued,
      expiresMs: Math.min(issued + claimLifetimeMs, Math.max(issued, leaseMs)),
      durability: 0,
      persisted: persisted() ? 1 : 0,
    });
    const signed = encodeSigned(body, await node.sign(signingBytes(claimLabel, body)));
    return recordOf(signedDescriptor, descriptor, [{ claim: parseClaim(signed).claim, signed }]);
  };

  const ownIn = ({ heads }: RecordState): Uint8Array => heads[0]!.claims.get(self)!.signed;

  const inTurn = <T>(make: () => Promise<T>): Promise<T> => {
    const made = queue.then(make);
    queue = made.catch(() => {});
    return made;
  };

  const add = ({ contentRoot, segment, shard }: Place): void => {
    const place = { contentRoot, segment, shard };
    const known = held.get(contentRoot);
    if (known === undefined) held.set(contentRoot, [place]);
    else known.push(place);
  };

  /** The places that our claim on a head names and that are not held. */
  const missingIn = ({ descriptor, claims }: Head): Place[] => {
    const claim = claims.get(self)?.claim;
    // One that has expired names nothing: what it was on went with its lease.
    if (claim === undefined || claim.expiresMs <= clock.now()) return [];
    const contentRoot = toHex(descriptor.contentRoot);
    const { segments, n } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
    const here = new Set(heldOf(contentRoot).map(({ segment, shard }) => segment * n + shard));
    const bits = Array.from({ length: segments * n }, (_, bit) => bit).filter((bit) => claimHolds(claim, bit) && !here.has(bit));
    return bits.map((bit) => ({ contentRoot, segment: Math.floor(bit / n), shard: bit % n }));
  };

  return {
    async start() {
      for (const place of await shards.list()) add(place);
    },
    add,
    remove({ contentRoot, segment, shard }) {
      const left = heldOf(contentRoot).filter((place) => place.segment !== segment || place.shard !== shard);
      if (left.length > 0) held.set(contentRoot, left);
      else held.delete(contentRoot);
    },
    count: () => [...held.values()].reduce((sum, places) => sum + places.length, 0),
    places: () => [...held.values()].flat(),
    of: heldOf,
    async missing() {
      const found: { place: Place; recordKey: string }[] = [];
      for (const recordKey of await records.keys()) {
        const record = await records.local(recordKey);
        for (const head of record?.heads ?? []) found.push(...missingIn(head).map((place) => ({ place, recordKey })));
      }
      return found;
    },
    claim: (descriptor, signedDescriptor) =>
      inTurn(async () => {
        const own = await sign(descriptor, signedDescriptor);
        await records.merge(own);
        return ownIn(own);
      }),
    claimDraft: (descriptor, signedDraft) => inTurn(async () => ownIn(await sign(descriptor, signedDraft))),
    renewed: (record) =>
      inTurn(async () => {
        let joined = record;
        for (const { descriptor, signed, claims } of record.heads)
          if (claims.has(self)) joined = joinRecords(joined, await sign(descriptor, signed));
        return joined;
      }),
  };
}
