import { concatBytes } from '../../core/bytes/compare.ts';
import { objectKeys } from '../../core/crypto/keys.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { prove } from '../../core/merkle/proof.ts';
import { leafBytes, leafCount } from '../../core/merkle/tree.ts';
import { contentRoot, descriptorLabel, encodeDescriptorBody } from '../../core/object/descriptor.ts';
import { type Geometry, geometry, stripesPerSegment } from '../../core/object/geometry.ts';
import { encodeSigned, signingBytes } from '../../core/object/signed.ts';
import type { Commitment, Crypto, LeafRange, SealJob, Sealer } from '../ports.ts';

/** What the codec's tests seal and open. */
export const keys = objectKeys(new Uint8Array(32).fill(3));

/** Bytes that differ from place to place. */
export const fileOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) * 13 + (i >> 16)) & 0xff);

export function jobOf(size: number, k: number, m: number): SealJob {
  const { objectKey, readKey } = keys;
  return { file: { size }, name: 'a.bin', media: 'b/c', mtime: 5, objectKey, readKey, salt: new Uint8Array(24).fill(9), version: 1, k, m };
}

export async function signedDescriptor(job: SealJob, { ciphertextLength, roots }: Commitment, crypto: Crypto): Promise<Uint8Array> {
  const { objectKey, version, k, m } = job;
  const content = { objectKey, version, k, m, ciphertextLength, roots };
  const policy = { anchorsMin: 0, domainMax: 1 };
  const body = encodeDescriptorBody({ ...content, contentRoot: contentRoot(content), createdMs: 1, leaseMs: 2, class: 0, policy });
  const signer = await crypto.signer(keys.signSeed);
  return encodeSigned(body, await signer.sign(signingBytes(descriptorLabel, body)));
}

/** All shards by segment, as holders have them after an upload, which gives the blocks back for the next ones. */
export async function shardsOf(sealer: Sealer, shape: Geometry): Promise<Uint8Array[][]> {
  const all = Array.from({ length: shape.n }, (_, shard) => shard);
  const stripes: Uint8Array[][] = [];
  let spare: Uint8Array[] = [];
  for (let stripe = 0; stripe < shape.stripes; stripe++) {
    spare = await sealer.stripe(stripe, all, spare);
    stripes.push(spare.map((block) => block.slice()));
  }
  return Array.from({ length: shape.segments }, (_, segment) => {
    const ofSegment = stripes.slice(segment * stripesPerSegment, (segment + 1) * stripesPerSegment);
    return all.map((shard) => concatBytes(...ofSegment.map((blocks) => blocks[shard]!)));
  });
}

/** Leaves of a shard as a holder sends them. */
export function leavesOf(
  shards: readonly (readonly Uint8Array[])[],
  segment: number,
  shard: number,
  first: number,
  count: number,
): LeafRange {
  const bytes = shards[segment]![shard]!;
  const leaf = (i: number): Uint8Array => bytes.subarray(i * leafBytes, (i + 1) * leafBytes);
  const entries = concatBytes(...Array.from({ length: leafCount(bytes.length) }, (_, i) => sha256(leaf(i))));
  return { segment, shard, first, bytes: bytes.slice(first * leafBytes, (first + count) * leafBytes), proof: prove(entries, first, count) };
}

export const shapeOf = (job: SealJob, { ciphertextLength }: Commitment): Geometry => geometry(job.k, job.m, ciphertextLength);
