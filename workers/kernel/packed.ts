import type { Arithmetic } from '../../src/core/erasure/coder.ts';
import { multiplesOf } from '../../src/core/erasure/field.ts';

/** Outputs in one 32-bit word. */
const outputsMax = 4;
/** Bytes of a block at a time, so that their sums stay in the nearest cache. */
const sliceBytes = 4_096;

/** Up to four outputs: for each input a table of the four products of each byte, in one word. */
interface Group {
  readonly outputs: readonly number[];
  readonly tables: readonly Uint32Array[];
  /** The only output, and the plain XOR of the inputs. */
  readonly isXor: boolean;
}

/** Sums in plain JavaScript, four outputs by each look-up: where there is no SIMD in WebAssembly, or no WebAssembly. */
export const packedArithmetic: Arithmetic<readonly Group[]> = {
  program: (rows) =>
    Array.from({ length: Math.ceil(rows.length / outputsMax) }, (_, group) => {
      const first = group * outputsMax;
      const some = rows.slice(first, first + outputsMax);
      return {
        outputs: some.map((_row, i) => first + i),
        tables: Array.from({ length: some[0]!.length }, (_input, i) => tableOf(some.map((row) => row[i]!))),
        isXor: some.length === 1 && some[0]!.every((factor) => factor === 1),
      };
    }),
  memory(length) {
    const bytes = new Uint8Array(length);
    const sums = new Uint32Array(sliceBytes);
    return {
      bytes,
      run(groups, inputs, outputs, span) {
        for (const { outputs: some, tables, isXor } of groups) {
          const targets = some.map((output) => outputs[output]!);
          if (isXor) xor(bytes.buffer, inputs, targets[0]!, span);
          else
            for (let at = 0; at < span; at += sliceBytes) {
              const slice = Math.min(sliceBytes, span - at);
              sums.fill(0, 0, slice);
              tables.forEach((table, i) => addProducts(sums, table, bytes.subarray(inputs[i]! + at, inputs[i]! + at + slice)));
              targets.forEach((target, i) => unpack(sums, 8 * i, bytes.subarray(target + at, target + at + slice)));
            }
        }
      },
    };
  },
};

function tableOf(factors: readonly number[]): Uint32Array {
  const multiples = factors.map(multiplesOf);
  return Uint32Array.from({ length: 256 }, (_, byte) => multiples.reduce((word, of, i) => word | (of[byte]! << (8 * i)), 0));
}

function addProducts(sums: Uint32Array, table: Uint32Array, input: Uint8Array): void {
  for (let i = 0; i < input.length; i++) sums[i]! ^= table[input[i]!]!;
}

function unpack(sums: Uint32Array, shift: number, output: Uint8Array): void {
  for (let i = 0; i < output.length; i++) output[i] = sums[i]! >>> shift;
}

/** Blocks begin at multiples of 64 bytes, so they can be taken by words. */
function xor(buffer: ArrayBufferLike, inputs: readonly number[], target: number, length: number): void {
  const words = (offset: number): Uint32Array => new Uint32Array(buffer, offset, length / 4);
  const sum = words(target);
  sum.set(words(inputs[0]!));
  for (const offset of inputs.slice(1)) {
    const input = words(offset);
    for (let i = 0; i < sum.length; i++) sum[i]! ^= input[i]!;
  }
}
