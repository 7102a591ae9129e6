import { createPlans, type Plans } from './plan.ts';

/** Blocks have a multiple of this many bytes, so that coders may work in wide steps (SPEC GEO-2). */
export const blockGranule = 64;

/** Codes the stripes of one object. Every coder gives the same bytes as the reference, only sooner. */
export interface Coder {
  readonly k: number;
  readonly m: number;
  /**
   * Lends memory for a stripe with blocks of `blockLength` bytes, whatever it holds from before.
   * Throws RangeError unless that is a positive multiple of 64.
   */
  room(blockLength: number): Room;
}

/** Throws RangeError for a geometry outside 1 ≤ k, 0 ≤ m, k + m ≤ 255. */
export type CoderFactory = (k: number, m: number) => Coder;

/** Memory for the n blocks of a stripe, one after another, in which they are sealed, coded and hashed: nothing is copied out for that. */
export interface Room {
  readonly blockLength: number;
  /** All n blocks; the first k of them are the stripe's ciphertext. Valid until `release`. */
  readonly bytes: Uint8Array;
  /** A view of block `shard`. */
  block(shard: number): Uint8Array;
  /** Fills the m parity blocks from the k data blocks. */
  encode(): void;
  /**
   * Fills the `wanted` blocks from those of k distinct `present` shards, in the bytes [start, end) of each block, multiples of 64 (SPEC
   * RS-3). Throws RangeError for other shards or bytes.
   */
  reconstruct(present: readonly number[], wanted: readonly number[], start: number, end: number): void;
  /** Gives the memory back; neither the room nor its views are used any more. */
  release(): void;
}

/** A way to compute sums of multiples over blocks that lie in its memory. `Program` is what it makes of rows of coefficients beforehand. */
export interface Arithmetic<Program> {
  /** Memory for at least `bytes`, of any content. */
  memory(bytes: number): CodingMemory<Program>;
  program(rows: readonly Uint8Array[]): Program;
}

export interface CodingMemory<Program> {
  /** What rooms are made of. */
  readonly bytes: Uint8Array;
  /** outputs[r] = Σ rows[r][i] · inputs[i] for `length` bytes, a multiple of 64, of blocks that begin at these offsets of `bytes`. */
  run(program: Program, inputs: readonly number[], outputs: readonly number[], length: number): void;
}

/** Memories that nobody uses at the moment and that are kept for the next stripe; of all the coders of a thread. */
const idleMax = 4;

/** The coders that compute by this arithmetic and share its memory. */
export function codersOf<Program>(arithmetic: Arithmetic<Program>): CoderFactory {
  const idle: CodingMemory<Program>[] = [];

  /** The smallest that suffices, so that a large one is there for who needs it. */
  const take = (bytes: number): CodingMemory<Program> => {
    const fit = idle.filter((memory) => memory.bytes.length >= bytes).toSorted((a, b) => a.bytes.length - b.bytes.length)[0];
    if (fit === undefined) return arithmetic.memory(bytes);
    idle.splice(idle.indexOf(fit), 1);
    return fit;
  };
  const giveBack = (memory: CodingMemory<Program>): void => {
    idle.push(memory);
    if (idle.length > idleMax) idle.shift();
  };

  return (k, m) => {
    const plans = createPlans(k, m, arithmetic.program);
    return {
      k,
      m,
      room(blockLength) {
        if (!isGranular(blockLength) || blockLength === 0) throw new RangeError(`a block has no ${blockLength} bytes`);
        const memory = take((k + m) * blockLength);
        return roomIn(memory, plans, blockLength, () => giveBack(memory));
      },
    };
  };
}

function roomIn<Program>(memory: CodingMemory<Program>, plans: Plans<Program>, blockLength: number, release: () => void): Room {
  const { k, n } = plans;
  const bytes = memory.bytes.subarray(0, n * blockLength);
  const data = Array.from({ length: k }, (_, shard) => shard);
  const parity = Array.from({ length: n - k }, (_, i) => k + i);

  const fill = (present: readonly number[], wanted: readonly number[], start: number, end: number): void => {
    const at = (shard: number): number => shard * blockLength + start;
    if (wanted.length > 0 && start < end) memory.run(plans.of(present, wanted), present.map(at), wanted.map(at), end - start);
  };
  return {
    blockLength,
    bytes,
    block: (shard) => bytes.subarray(shard * blockLength, (shard + 1) * blockLength),
    encode: () => fill(data, parity, 0, blockLength),
    reconstruct(present, wanted, start, end) {
      if (!isGranular(start) || !isGranular(end) || end > blockLength) throw new RangeError(`a block has no bytes ${start} to ${end}`);
      fill(present, wanted, start, end);
    },
    release,
  };
}

const isGranular = (bytes: number): boolean => Number.isInteger(bytes) && bytes >= 0 && bytes % blockGranule === 0;
