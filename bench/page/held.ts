import { concatBytes } from '../../src/core/bytes/compare.ts';
import { prove } from '../../src/core/merkle/proof.ts';
import { leafBytes } from '../../src/core/merkle/tree.ts';
import { type Band, placeOf } from '../../src/core/object/bands.ts';
import type { Geometry } from '../../src/core/object/geometry.ts';
import type { Crypto, LeafRange } from '../../src/peer/ports.ts';

/** The shards of one object as its holders have them, with the digests from which they prove leaves. */
export interface Held {
  readonly shape: Geometry;
  /** The leaves of a band of one shard: a copy, and the proof. */
  leaves(shard: number, band: Band): LeafRange;
}

/** @param shards by segment and shard */
export async function leavesHeld(shape: Geometry, shards: readonly (readonly Uint8Array[])[], crypto: Crypto): Promise<Held> {
  const digests = await Promise.all(shards.map((ofSegment) => Promise.all(ofSegment.map((shard) => digestsOf(shard, crypto)))));
  return {
    shape,
    leaves(shard, band) {
      const { segment, first, count } = placeOf(shape, band);
      const bytes = shards[segment]![shard]!.slice(first * leafBytes, (first + count) * leafBytes);
      return { segment, shard, first, bytes, proof: prove(digests[segment]![shard]!, first, count) };
    },
  };
}

async function digestsOf(shard: Uint8Array, crypto: Crypto): Promise<Uint8Array> {
  const leaves: Promise<Uint8Array>[] = [];
  for (let at = 0; at < shard.length; at += leafBytes) leaves.push(crypto.sha256(shard.subarray(at, at + leafBytes)));
  return concatBytes(...(await Promise.all(leaves)));
}
