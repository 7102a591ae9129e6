import { decodeMatrix, parityMatrix } from './matrix.ts';

/** Patterns whose programs are kept: a download meets the same few for every stripe. */
const keptMax = 32;

/** What is computed beforehand to get blocks from others, once for each erasure pattern. */
export interface Plans<Program> {
  readonly k: number;
  readonly n: number;
  /** The program that gives the `wanted` shards from k distinct `present` ones. Throws RangeError for shards that the code has not. */
  of(present: readonly number[], wanted: readonly number[]): Program;
}

/** Throws RangeError for a geometry that no code has. */
export function createPlans<Program>(k: number, m: number, programOf: (rows: readonly Uint8Array[]) => Program): Plans<Program> {
  parityMatrix(k, m);
  const kept = new Map<string, Program>();
  return {
    k,
    n: k + m,
    of(present, wanted) {
      const pattern = `${present.join()}:${wanted.join()}`;
      const program = kept.get(pattern) ?? programOf(decodeMatrix(k, m, present, wanted));
      // The one used last goes to the end, the one not used for longest leaves.
      kept.delete(pattern);
      kept.set(pattern, program);
      if (kept.size > keptMax) kept.delete(kept.keys().next().value!);
      return program;
    },
  };
}
