import { concatBytes } from '../core/bytes/compare.ts';
import { objectKeys } from '../core/crypto/keys.ts';
import { contentRoot, type Descriptor, descriptorLabel, encodeDescriptorBody, parseDescriptor } from '../core/object/descriptor.ts';
import { geometry } from '../core/object/geometry.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { bitmapOf, type Claim, claimLabel, encodeClaimBody } from '../core/record/claim.ts';
import { encodeStored } from '../core/record/stored.ts';
import type { Codec, Crypto, Signer } from '../peer/ports.ts';
import { inProcessCodec } from '../platform/memory/codec.ts';
import { seededRandom } from '../platform/memory/random.ts';

/** A sealed and signed object of one segment, with every shard in hand. */
export interface SealedObject {
  readonly writeSeed: Uint8Array;
  readonly owner: Signer;
  readonly readKey: Uint8Array;
  readonly descriptor: Descriptor;
  readonly signed: Uint8Array;
  readonly shards: readonly Uint8Array[];
  readonly bytes: Uint8Array;
}

/**
 * Seals `size` bytes made from `seed` as an owner does, without any peer; as the next version of `replaces`, where that is given, or as
 * another version 1 of the object of `writeSeed`.
 */
export async function sealObject(
  crypto: Crypto,
  {
    seed,
    size = 1_000,
    k = 1,
    m = 1,
    nowMs,
    replaces,
    codec = inProcessCodec(crypto),
    ...given
  }: {
    seed: string;
    size?: number;
    k?: number;
    m?: number;
    nowMs: number;
    replaces?: SealedObject | undefined;
    writeSeed?: Uint8Array | undefined;
    codec?: Codec;
  },
): Promise<SealedObject> {
  const random = seededRandom(seed);
  const bytes = random.bytes(size);
  const writeSeed = replaces?.writeSeed ?? given.writeSeed ?? random.bytes(32);
  const { signSeed, objectKey, readKey } = objectKeys(writeSeed);
  const version = (replaces?.descriptor.version ?? 0) + 1;
  const previous = replaces && (await crypto.sha256(parseDescriptor(replaces.signed).body));
  const owner = await crypto.signer(signSeed);
  const file = { size, bytes };
  const named = { name: `${seed}.bin`, media: '', mtime: 0 };
  const sealer = await codec.seal({ ...named, file, objectKey, readKey, salt: random.bytes(24), version, k, m });
  const { ciphertextLength, roots } = await sealer.commit(() => {});
  const all = Array.from({ length: k + m }, (_, shard) => shard);
  const stripes: Uint8Array[][] = [];
  for (let stripe = 0; stripe < geometry(k, m, ciphertextLength).stripes; stripe++) stripes.push(await sealer.stripe(stripe, all));
  const shards = all.map((shard) => concatBytes(...stripes.map((blocks) => blocks[shard]!)));
  const content = { objectKey, version, ...(previous === undefined ? {} : { previous }), k, m, ciphertextLength, roots };
  const descriptor: Descriptor = {
    ...content,
    contentRoot: contentRoot(content),
    createdMs: nowMs,
    leaseMs: nowMs + 30 * 24 * 3_600_000,
    class: 0,
    policy: { anchorsMin: 0, domainMax: 1 },
  };
  return { writeSeed, owner, readKey, descriptor, signed: await signDescriptor(owner, descriptor), shards, bytes };
}

/** The record of an object with these signed claims, as it is put, whatever is wrong with any of them. */
export const encodeSealedRecord = (descriptor: Uint8Array, claims: readonly Uint8Array[]): Uint8Array =>
  encodeStored({ heads: [{ descriptor, claims }] });

export async function signDescriptor(owner: Signer, descriptor: Descriptor): Promise<Uint8Array> {
  const body = encodeDescriptorBody(descriptor);
  return encodeSigned(body, await owner.sign(signingBytes(descriptorLabel, body)));
}

/** A holder's signed claim on `shards` of the first segment: true, or whatever `stated` makes of it. */
export async function signClaim(
  holder: Signer,
  { descriptor }: Pick<SealedObject, 'descriptor'>,
  { shards, nowMs, ...stated }: { shards: readonly number[]; nowMs: number } & Partial<Claim>,
): Promise<Uint8Array> {
  const body = encodeClaimBody({
    objectKey: descriptor.objectKey,
    contentRoot: descriptor.contentRoot,
    holder: holder.publicKey,
    seq: nowMs,
    bitmap: bitmapOf(shards, descriptor.k + descriptor.m),
    issuedMs: nowMs,
    expiresMs: nowMs + 24 * 3_600_000,
    durability: 0,
    persisted: 0,
    ...stated,
  });
  return encodeSigned(body, await holder.sign(signingBytes(claimLabel, body)));
}
