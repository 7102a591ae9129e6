import type { Arithmetic, CodingMemory } from '../../src/core/erasure/coder.ts';
import { multiplesOf } from '../../src/core/erasure/field.ts';
import { shardsMax } from '../../src/core/erasure/matrix.ts';

/** Outputs that one call of the kernel computes at most. */
const outputsMax = 4;
/** Multiples of a coefficient by 0 … 15, then by 16 times these. */
const bytesPerProduct = 32;
const pageBytes = 65_536;

/** Where a call finds what it is told of, from the begin of the memory; blocks come after. */
const inputsAt = 0;
const outputsAt = inputsAt + 4 * shardsMax;
const tablesAt = 2_048;
const blocksAt = pageBytes;

/** One call of the kernel. */
interface Group {
  /** Name of the exported function. */
  readonly name: string;
  /** Indices of the outputs, in the order in which the function takes them. */
  readonly outputs: readonly number[];
  readonly tables: Uint8Array;
}

/** Sums by the kernel, wat.mjs says how. Each memory has an instance of its own, so none ever grows and no view of one is ever lost. */
export function wasmArithmetic(module: WebAssembly.Module): Arithmetic<readonly Group[]> {
  return { memory: (bytes) => kernelMemory(module, bytes), program: groupsOf };
}

function kernelMemory(module: WebAssembly.Module, bytes: number): CodingMemory<readonly Group[]> {
  const pages = Math.ceil((blocksAt + bytes) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(module, { kernel: { memory } });
  const addresses = new Uint32Array(memory.buffer, 0, tablesAt / 4);
  const tables = new Uint8Array(memory.buffer, tablesAt, blocksAt - tablesAt);
  let loaded: Uint8Array | undefined;

  return {
    bytes: new Uint8Array(memory.buffer, blocksAt),
    run(groups, inputs, outputs, length) {
      inputs.forEach((offset, i) => (addresses[inputsAt / 4 + i] = blocksAt + offset));
      for (const group of groups) {
        group.outputs.forEach((output, i) => (addresses[outputsAt / 4 + i] = blocksAt + outputs[output]!));
        if (loaded !== group.tables) tables.set((loaded = group.tables));
        (exports[group.name] as KernelFunction)(inputsAt, inputs.length, outputsAt, tablesAt, length);
      }
    },
  };
}

type KernelFunction = (inputs: number, k: number, outputs: number, tables: number, length: number) => void;

/** The calls that give these rows. A row of ones needs no multiplication: the first such row leads its group. */
function groupsOf(rows: readonly Uint8Array[]): Group[] {
  const plain = rows.findIndex((row) => row.every((factor) => factor === 1));
  const order = [...rows.keys()].sort((a, b) => Number(b === plain) - Number(a === plain) || a - b);
  return Array.from({ length: Math.ceil(order.length / outputsMax) }, (_, group) => {
    const outputs = order.slice(group * outputsMax, (group + 1) * outputsMax);
    const products = outputs.filter((output) => output !== plain).map((output) => rows[output]!);
    return { name: `${outputs[0] === plain ? 'xor' : 'dot'}${outputs.length}`, outputs, tables: tablesOf(products) };
  });
}

/** Input by input, for each of these rows the multiples of its coefficient. */
function tablesOf(rows: readonly Uint8Array[]): Uint8Array {
  const inputs = rows[0]?.length ?? 0;
  const tables = new Uint8Array(inputs * rows.length * bytesPerProduct);
  for (let input = 0; input < inputs; input++) {
    rows.forEach((row, r) => {
      const multiples = multiplesOf(row[input]!);
      const at = (input * rows.length + r) * bytesPerProduct;
      for (let half = 0; half < 16; half++) {
        tables[at + half] = multiples[half]!;
        tables[at + 16 + half] = multiples[16 * half]!;
      }
    });
  }
  return tables;
}
