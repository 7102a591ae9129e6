import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { entryHash, hashBytes, nodeHash, splitOf } from './tree.ts';

/** Proves ranges of leaves of one tree. */
export type Prove = (first: number, count: number) => Uint8Array;

/**
 * Multi-leaf proofs of the tree over these entries: of the `count` leaves from `first`, the roots of the largest subtrees that hold none of
 * them, left to right, joined. Each subtree is hashed once, so that a shard that is read piece by piece costs its tree once.
 * Throws RangeError for a range outside the tree.
 */
export function proverOf(entries: Uint8Array): Prove {
  const leaves = entries.length / hashBytes;
  /** Roots by start and end. */
  const known = new Map<number, Uint8Array>();
  const rootOf = (start: number, end: number): Uint8Array => {
    const place = start * (leaves + 1) + end;
    const root = known.get(place) ?? computed(start, end);
    known.set(place, root);
    return root;
  };
  const computed = (start: number, end: number): Uint8Array => {
    if (end - start === 1) return entryHash(entries.subarray(start * hashBytes, end * hashBytes));
    const middle = splitOf(start, end);
    return nodeHash(rootOf(start, middle), rootOf(middle, end));
  };
  return (first, count) => {
    if (!isRange(leaves, first, count)) throw new RangeError(`no leaves ${first} to ${first + count} of ${leaves}`);
    const roots: Uint8Array[] = [];
    const visit = (start: number, end: number): void => {
      if (end <= first || start >= first + count) roots.push(rootOf(start, end));
      else if (end - start > 1) {
        const middle = splitOf(start, end);
        visit(start, middle);
        visit(middle, end);
      }
    };
    visit(0, leaves);
    return concatBytes(...roots);
  };
}

/** One multi-leaf proof. Throws RangeError for a range outside the tree. */
export function prove(entries: Uint8Array, first: number, count: number): Uint8Array {
  return proverOf(entries)(first, count);
}

/**
 * Whether `entries` (joined H of each leaf) are the leaves from `first` of the tree of `leafCount` leaves with this root.
 * The proof must be used up exactly. Never throws.
 */
export function verifyProof(root: Uint8Array, leafCount: number, first: number, entries: Uint8Array, proof: Uint8Array): boolean {
  const count = entries.length / hashBytes;
  if (!isRange(leafCount, first, count) || proof.length % hashBytes !== 0) return false;
  let used = 0;
  const hashOf = (start: number, end: number): Uint8Array | undefined => {
    if (end <= first || start >= first + count) {
      const given = proof.subarray(used, used + hashBytes);
      used += hashBytes;
      return given.length === hashBytes ? given : undefined;
    }
    if (end - start === 1) return entryHash(entries.subarray((start - first) * hashBytes, (end - first) * hashBytes));
    const middle = splitOf(start, end);
    const left = hashOf(start, middle);
    const right = left && hashOf(middle, end);
    return left && right && nodeHash(left, right);
  };
  const computed = hashOf(0, leafCount);
  return computed !== undefined && used === proof.length && equalBytes(computed, root);
}

function isRange(leaves: number, first: number, count: number): boolean {
  return [leaves, first, count].every(Number.isSafeInteger) && first >= 0 && count >= 1 && first + count <= leaves;
}
