import { inverse, multiply } from './field.ts';

/** k + m ≤ 255: shard indices are distinct field elements, and k and m are single bytes in the format. */
export const shardsMax = 255;

/**
 * Coefficients of the m parity shards over the k data shards (SPEC RS-2): the Cauchy matrix 1 / ((k + i) xor j), each column divided by
 * its first element, then each row by its new first element. It stays MDS, and parity 0 is the plain XOR of the data.
 * Throws RangeError for a geometry outside 1 ≤ k, 0 ≤ m, k + m ≤ 255.
 */
export function parityMatrix(k: number, m: number): Uint8Array[] {
  requireGeometry(k, m);
  const cauchy = (i: number, j: number): number => inverse((k + i) ^ j);
  return Array.from({ length: m }, (_, i) => {
    const row = Uint8Array.from({ length: k }, (_, j) => multiply(cauchy(i, j), inverse(cauchy(0, j))));
    const first = inverse(row[0]!);
    return row.map((element) => multiply(element, first));
  });
}

/**
 * Coefficients that give the `wanted` shards from k `present` ones: row r, column c is the weight of shard present[c] in shard wanted[r].
 * `present` are k distinct shard indices, data first counted from 0; throws RangeError otherwise.
 */
export function decodeMatrix(k: number, m: number, present: readonly number[], wanted: readonly number[]): Uint8Array[] {
  const parity = parityMatrix(k, m);
  const rowOf = (shard: number): Uint8Array => {
    if (!Number.isInteger(shard) || shard < 0 || shard >= k + m) throw new RangeError(`no shard ${shard} in ${k}+${m}`);
    return shard < k ? unitRow(k, shard) : parity[shard - k]!;
  };
  if (present.length !== k || new Set(present).size !== k) throw new RangeError(`${k} distinct shards are needed`);
  const dataOf = inverted(present.map((shard) => rowOf(shard).slice()));
  return wanted.map((shard) => rowTimes(rowOf(shard), dataOf));
}

function requireGeometry(k: number, m: number): void {
  if (!Number.isInteger(k) || !Number.isInteger(m) || k < 1 || m < 0 || k + m > shardsMax)
    throw new RangeError(`no code has ${k}+${m} shards`);
}

function unitRow(k: number, one: number): Uint8Array {
  const row = new Uint8Array(k);
  row[one] = 1;
  return row;
}

function rowTimes(row: Uint8Array, matrix: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(row.length);
  row.forEach((factor, i) => addMultiple(result, factor, matrix[i]!));
  return result;
}

/** Gauss-Jordan elimination, in place. Any k rows of the code are independent, so a pivot is always found. */
function inverted(matrix: Uint8Array[]): Uint8Array[] {
  const size = matrix.length;
  const result = matrix.map((_, i) => unitRow(size, i));
  for (let column = 0; column < size; column++) {
    const pivot = matrix.findIndex((row, i) => i >= column && row[column] !== 0);
    swap(matrix, column, pivot);
    swap(result, column, pivot);
    const scale = inverse(matrix[column]![column]!);
    matrix[column] = matrix[column]!.map((element) => multiply(element, scale));
    result[column] = result[column]!.map((element) => multiply(element, scale));
    for (let other = 0; other < size; other++) {
      const factor = matrix[other]![column]!;
      if (other === column || factor === 0) continue;
      addMultiple(matrix[other]!, factor, matrix[column]!);
      addMultiple(result[other]!, factor, result[column]!);
    }
  }
  return result;
}

function addMultiple(row: Uint8Array, factor: number, other: Uint8Array): void {
  if (factor === 0) return;
  for (let j = 0; j < row.length; j++) row[j]! ^= multiply(factor, other[j]!);
}

function swap(rows: Uint8Array[], a: number, b: number): void {
  const kept = rows[a]!;
  rows[a] = rows[b]!;
  rows[b] = kept;
}
