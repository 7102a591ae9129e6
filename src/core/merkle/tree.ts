import { sha256 } from '../crypto/hash.ts';

/** Bytes of a leaf: the unit of verification and audit. The last leaf of a shard may be shorter. */
export const leafBytes = 65_536;

/** Bytes of a hash, and so of an entry. */
export const hashBytes = 32;

/** What is hashed: a prefix, so that no node can pass for a leaf, and an entry or two hashes. Written anew for each: trees are made of thousands. */
const leafInput = Uint8Array.of(0, ...new Uint8Array(hashBytes));
const nodeInput = Uint8Array.of(1, ...new Uint8Array(2 * hashBytes));

/** Leaves of a shard of `length` bytes. */
export const leafCount = (length: number): number => Math.ceil(length / leafBytes);

/**
 * Root of the tree (RFC 9162 §2.1.1 with SHA-256) over entries d_i = H(leaf i), joined. Throws RangeError without a whole entry:
 * there is no empty shard.
 */
export function merkleRoot(entries: Uint8Array): Uint8Array {
  const count = entries.length / hashBytes;
  if (!Number.isInteger(count) || count === 0) throw new RangeError('entries are one or more hashes of 32 bytes');
  return subtreeRoot(entries, 0, count);
}

/** Root of the subtree over entries [start, end). */
export function subtreeRoot(entries: Uint8Array, start: number, end: number): Uint8Array {
  if (end - start === 1) return entryHash(entries.subarray(start * hashBytes, end * hashBytes));
  const middle = splitOf(start, end);
  return nodeHash(subtreeRoot(entries, start, middle), subtreeRoot(entries, middle, end));
}

/** Where the right half of [start, end) begins: after the largest power of two below the count. */
export function splitOf(start: number, end: number): number {
  let size = 1;
  while (2 * size < end - start) size *= 2;
  return start + size;
}

/** H(0x00 || d). */
export function entryHash(entry: Uint8Array): Uint8Array {
  leafInput.set(entry, 1);
  return sha256(leafInput);
}

/** H(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return sha256(nodeInput);
}
