import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../crypto/hash.ts';
import { prove, verifyProof } from './proof.ts';
import { merkleRoot, nodeHash, subtreeRoot } from './tree.ts';

/** Entries of a tree and a range of leaves in it. */
const range = fc
  .integer({ min: 1, max: 140 })
  .chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat({ max: leaves - 1 })))
  .chain(([leaves, first]) =>
    fc.record({ leaves: fc.constant(leaves), first: fc.constant(first), count: fc.integer({ min: 1, max: leaves - first }) }),
  );

function entriesOf(leaves: number): Uint8Array {
  const entries = new Uint8Array(32 * leaves);
  for (let i = 0; i < leaves; i++) entries.set(sha256(Uint8Array.of(i)), 32 * i);
  return entries;
}

const wanted = (entries: Uint8Array, first: number, count: number): Uint8Array => entries.slice(32 * first, 32 * (first + count));

describe('multi-leaf proofs', () => {
  test('[TREE-3] every range of every tree has a proof that verifies', () => {
    fc.assert(
      fc.property(range, ({ leaves, first, count }) => {
        const entries = entriesOf(leaves);
        const proof = prove(entries, first, count);
        expect(verifyProof(merkleRoot(entries), leaves, first, wanted(entries, first, count), proof)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('[TREE-3] a proof holds for its own range, tree size, entries and root only, and is used up exactly', () => {
    fc.assert(
      fc.property(range, fc.nat(), ({ leaves, first, count }, at) => {
        const entries = entriesOf(leaves);
        const root = merkleRoot(entries);
        const given = wanted(entries, first, count);
        const proof = prove(entries, first, count);
        expect(verifyProof(root, leaves, first, flipped(given, at), proof)).toBe(false);
        expect(verifyProof(flipped(root, at), leaves, first, given, proof)).toBe(false);
        expect(verifyProof(root, leaves, first + 1, given, proof)).toBe(false);
        expect(verifyProof(root, leaves, first, given, new Uint8Array([...proof, ...root]))).toBe(false);
        if (proof.length > 0) {
          expect(verifyProof(root, leaves, first, given, flipped(proof, at))).toBe(false);
          expect(verifyProof(root, leaves, first, given, proof.subarray(0, -32))).toBe(false);
          expect(verifyProof(root, leaves, first, given, proof.subarray(0, -1))).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('[TREE-3] the roots stand from left to right: leaf 2 of 5 needs the left pair, leaf 3 and leaf 4', () => {
    const entries = entriesOf(5);
    const expected = [subtreeRoot(entries, 0, 2), subtreeRoot(entries, 3, 4), subtreeRoot(entries, 4, 5)];
    expect(prove(entries, 2, 1)).toEqual(new Uint8Array(expected.flatMap((root) => [...root])));
  });

  test('[TREE-3] the whole tree needs no roots', () => {
    expect(prove(entriesOf(7), 0, 7)).toHaveLength(0);
  });

  test.each([
    [3, 1],
    [0, 4],
    [-1, 1],
    [0, 0],
    [0.5, 1],
  ])('[TREE-3] three leaves have no range from %d of %d', (first, count) => {
    expect(() => prove(entriesOf(3), first, count)).toThrow(RangeError);
  });

  test('[TREE-3] what a peer sends is judged, never thrown at', () => {
    const root = merkleRoot(entriesOf(3));
    expect(verifyProof(root, 3, 0, new Uint8Array(0), new Uint8Array(0))).toBe(false);
    expect(verifyProof(root, 3, 0, new Uint8Array(31), new Uint8Array(0))).toBe(false);
    expect(verifyProof(root, 3, 2, entriesOf(3), new Uint8Array(0))).toBe(false);
    expect(verifyProof(root, 3, Number.NaN, entriesOf(3), new Uint8Array(0))).toBe(false);
  });
});

describe('the tree', () => {
  test('[TREE-2] the left side is the largest power of two below the count', () => {
    const entries = entriesOf(5);
    expect(merkleRoot(entries)).toEqual(nodeHash(subtreeRoot(entries, 0, 4), subtreeRoot(entries, 4, 5)));
  });

  test('[TREE-2] a tree has at least one entry, all whole', () => {
    expect(() => merkleRoot(new Uint8Array(0))).toThrow(RangeError);
    expect(() => merkleRoot(new Uint8Array(33))).toThrow(RangeError);
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at % bytes.length]! ^= 1;
  return changed;
}
