import { multiplesOf } from './field.ts';
import { decodeMatrix, parityMatrix } from './matrix.ts';

/** Codes the blocks of one stripe. The reference below and the kernel give the same bytes. */
export interface Coder {
  readonly k: number;
  readonly m: number;
  /** The m parity blocks of k data blocks of equal length, each in a buffer of its own. Throws RangeError for other shapes. */
  encode(data: readonly Uint8Array[]): Uint8Array[];
  /**
   * The `wanted` blocks from any k of the n blocks of a stripe, each in a buffer of its own. `blocks[j]` belongs to shard j; at least k
   * are present and have equal lengths. Throws RangeError for other shapes.
   */
  reconstruct(blocks: readonly (Uint8Array | undefined)[], wanted: readonly number[]): Uint8Array[];
}

export type CoderFactory = (k: number, m: number) => Coder;

/** Table look-ups, one byte after another: the definition that every faster coder is tested against. */
export function referenceCoder(k: number, m: number): Coder {
  const parity = parityMatrix(k, m);
  return {
    k,
    m,
    encode(data) {
      if (data.length !== k) throw new RangeError(`${k} data blocks are needed, not ${data.length}`);
      return combine(parity, data);
    },
    reconstruct(blocks, wanted) {
      if (blocks.length !== k + m) throw new RangeError(`${k + m} blocks are needed, present or not, not ${blocks.length}`);
      const present = [...blocks.keys()].filter((shard) => blocks[shard] !== undefined).slice(0, k);
      return combine(
        decodeMatrix(k, m, present, wanted),
        present.map((shard) => blocks[shard]!),
      );
    },
  };
}

/** One block for each row of coefficients. */
function combine(rows: readonly Uint8Array[], blocks: readonly Uint8Array[]): Uint8Array[] {
  const length = blocks[0]!.length;
  if (blocks.some((block) => block.length !== length)) throw new RangeError('blocks of one stripe have equal lengths');
  return rows.map((row) => {
    const sum = new Uint8Array(length);
    row.forEach((factor, i) => addMultiple(sum, factor, blocks[i]!));
    return sum;
  });
}

function addMultiple(sum: Uint8Array, factor: number, block: Uint8Array): void {
  if (factor === 0) return;
  const multiples = multiplesOf(factor);
  for (let i = 0; i < sum.length; i++) sum[i]! ^= multiples[block[i]!]!;
}
