import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes/compare.ts';
import { fromHex, toHex } from '../../src/core/bytes/text.ts';
import { inverse, multiply } from '../../src/core/erasure/field.ts';
import { parityMatrix } from '../../src/core/erasure/matrix.ts';
import { hashOf, vectors } from './vectors.ts';

interface MatrixVectors {
  readonly product: readonly { readonly a: number; readonly b: number; readonly ab: number }[];
  readonly inverses: string;
  readonly cases: readonly { readonly k: number; readonly m: number; readonly sha256: string; readonly rows?: readonly string[] }[];
}

const { product, inverses, cases } = vectors<MatrixVectors>('matrix');

describe('matrix.json', () => {
  test.each(product)('[RS-1] $a · $b = $ab', ({ a, b, ab }) => {
    expect(multiply(a, b)).toBe(ab);
    expect(multiply(b, a)).toBe(ab);
  });

  test('[RS-1] every element but 0 has its inverse', () => {
    const expected = fromHex(inverses);
    for (let a = 1; a < 256; a++) expect(inverse(a)).toBe(expected[a]);
  });

  test.each(cases)('[RS-2] parity matrix of $k+$m', ({ k, m, sha256, rows }) => {
    const matrix = parityMatrix(k, m);
    if (rows !== undefined) expect(matrix.map(toHex)).toEqual(rows);
    expect(hashOf(concatBytes(...matrix))).toBe(sha256);
  });
});
