import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes/compare.ts';
import { toHex } from '../../src/core/bytes/text.ts';
import { sha256 } from '../../src/core/crypto/hash.ts';
import { leafBytes, leafCount, merkleRoot } from '../../src/core/merkle/tree.ts';
import { bytesOf, vectors } from './vectors.ts';

interface MerkleCase {
  readonly length: number;
  readonly leaves: number;
  readonly root: string;
  readonly entries?: readonly string[];
}

const { cases } = vectors<{ cases: MerkleCase[] }>('merkle');
const stream = bytesOf({ seed: 'shoal/vector/merkle', length: Math.max(...cases.map(({ length }) => length)) });

describe('merkle.json', () => {
  test.each(cases)('[TREE-1, TREE-2] root over $leaves leaves of $length bytes', ({ length, leaves, root, entries }) => {
    expect(leafCount(length)).toBe(leaves);
    const found = Array.from({ length: leaves }, (_, i) => sha256(stream.subarray(i * leafBytes, Math.min((i + 1) * leafBytes, length))));
    if (entries !== undefined) expect(found.map(toHex)).toEqual(entries);
    expect(toHex(merkleRoot(concatBytes(...found)))).toBe(root);
  });
});
