import type { Arithmetic } from '../../src/core/erasure/coder.ts';
import { multiplesOf } from '../../src/core/erasure/field.ts';

/** Outputs whose products fit in one 32-bit word. */
const outputsMax = 4;

/** Up to four outputs. */
interface Group {
  readonly outputs: readonly number[];
  /** For each input 256 words: of each byte its products for all outputs, the first in the lowest bits. */
  readonly tables: Uint32Array;
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
        tables: tablesOf(some),
        isXor: some.length === 1 && some[0]!.every((factor) => factor === 1),
      };
    }),
  memory(length) {
    const bytes = new Uint8Array(length);
    // Blocks begin at multiples of 64 bytes, so they can be taken by words.
    const wordsAt = (offset: number, span: number): Uint32Array => new Uint32Array(bytes.buffer, offset, span / 4);
    return {
      bytes,
      run(groups, inputs, outputs, span) {
        const from = inputs.map((offset) => wordsAt(offset, span));
        for (const { outputs: some, tables, isXor } of groups) {
          const to = some.map((output) => wordsAt(outputs[output]!, span));
          if (isXor) xor(from, to[0]!);
          else products(from, tables, to);
        }
      },
    };
  },
};

function tablesOf(rows: readonly Uint8Array[]): Uint32Array {
  const tables = new Uint32Array(256 * rows[0]!.length);
  rows.forEach((row, output) => {
    row.forEach((factor, input) => {
      const multiples = multiplesOf(factor);
      for (let byte = 0; byte < 256; byte++) tables[256 * input + byte]! |= multiples[byte]! << (8 * output);
    });
  });
  return tables;
}

/** Four bytes of each input at a time; their sums stay in registers. Which of the four comes first in a word does not matter. */
function products(inputs: readonly Uint32Array[], tables: Uint32Array, outputs: readonly Uint32Array[]): void {
  const [first, second, third, fourth] = outputs;
  for (let word = 0; word < first!.length; word++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let input = 0, at = 0; input < inputs.length; input++, at += 256) {
      const four = inputs[input]![word]!;
      a ^= tables[at + (four & 255)]!;
      b ^= tables[at + ((four >>> 8) & 255)]!;
      c ^= tables[at + ((four >>> 16) & 255)]!;
      d ^= tables[at + (four >>> 24)]!;
    }
    first![word] = (a & 255) | ((b & 255) << 8) | ((c & 255) << 16) | (d << 24);
    if (second !== undefined) second[word] = ((a >>> 8) & 255) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
    if (third !== undefined) third[word] = ((a >>> 16) & 255) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
    if (fourth !== undefined) fourth[word] = (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
  }
}

function xor(inputs: readonly Uint32Array[], output: Uint32Array): void {
  output.set(inputs[0]!);
  for (const input of inputs.slice(1)) {
    for (let word = 0; word < output.length; word++) output[word]! ^= input[word]!;
  }
}
