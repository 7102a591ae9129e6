import { leafBytes, leafCount } from '../../core/merkle/tree.ts';
import { blockBytes, type Geometry, stripesPerSegment } from '../../core/object/geometry.ts';

const leavesPerBlock = blockBytes / leafBytes;

/** Verified leaves on their way to be decoded, kept by stripe until k blocks of it are whole. */
export interface StripeBlocks {
  /** Keeps verified leaves of one shard; what belongs to a stripe that is decoded already or has enough is dropped. */
  add(segment: number, shard: number, firstLeaf: number, bytes: Uint8Array): void;
  /** The whole blocks of a stripe by shard, or undefined while fewer than k are whole; the stripe and those before it are forgotten. */
  take(stripe: number): (Uint8Array | undefined)[] | undefined;
}

/** One block being filled. Its leaves may come from several holders. */
interface Filling {
  readonly bytes: Uint8Array;
  readonly missing: Set<number>;
}

export function createStripeBlocks(geometry: Geometry): StripeBlocks {
  const stripes = new Map<number, Map<number, Filling>>();
  let next = 0;

  const wholeBlocks = (blocks: ReadonlyMap<number, Filling>): number => {
    return [...blocks.values()].filter((block) => block.missing.size === 0).length;
  };

  const fillingOf = (stripe: number, shard: number): Filling | undefined => {
    const blocks = stripes.get(stripe) ?? new Map<number, Filling>();
    stripes.set(stripe, blocks);
    const known = blocks.get(shard);
    if (known !== undefined || wholeBlocks(blocks) >= geometry.k) return known;
    const length = geometry.blockLength(stripe);
    const filling = { bytes: new Uint8Array(length), missing: new Set(Array.from({ length: leafCount(length) }, (_, leaf) => leaf)) };
    blocks.set(shard, filling);
    return filling;
  };

  return {
    add(segment, shard, firstLeaf, bytes) {
      for (let offset = 0; offset < bytes.length; offset += leafBytes) {
        const leaf = firstLeaf + offset / leafBytes;
        const stripe = segment * stripesPerSegment + Math.floor(leaf / leavesPerBlock);
        const filling = stripe < next ? undefined : fillingOf(stripe, shard);
        filling?.bytes.set(bytes.subarray(offset, offset + leafBytes), (leaf % leavesPerBlock) * leafBytes);
        filling?.missing.delete(leaf % leavesPerBlock);
      }
    },
    take(stripe) {
      const blocks = stripes.get(stripe);
      if (blocks === undefined || wholeBlocks(blocks) < geometry.k) return undefined;
      stripes.delete(stripe);
      next = stripe + 1;
      return Array.from({ length: geometry.n }, (_, shard) => {
        const block = blocks.get(shard);
        return block?.missing.size === 0 ? block.bytes : undefined;
      });
    },
  };
}
