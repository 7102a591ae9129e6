import { codersOf } from './coder.ts';
import { multiplesOf } from './field.ts';

/** Table look-ups, one byte after another: the definition that every faster coder is tested against. */
export const referenceCoder = codersOf<readonly Uint8Array[]>({
  program: (rows) => rows,
  memory(length) {
    const bytes = new Uint8Array(length);
    return {
      bytes,
      run(rows, inputs, outputs, span) {
        const blockAt = (offset: number): Uint8Array => bytes.subarray(offset, offset + span);
        rows.forEach((row, r) => {
          const sum = blockAt(outputs[r]!).fill(0);
          row.forEach((factor, i) => addMultiple(sum, factor, blockAt(inputs[i]!)));
        });
      },
    };
  },
});

function addMultiple(sum: Uint8Array, factor: number, block: Uint8Array): void {
  if (factor === 0) return;
  const multiples = multiplesOf(factor);
  for (let i = 0; i < sum.length; i++) sum[i]! ^= multiples[block[i]!]!;
}
