import { equalBytes } from '../src/core/bytes/compare.ts';
import type { CoderFactory, Room } from '../src/core/erasure/coder.ts';
import { referenceCoder } from '../src/core/erasure/reference.ts';
import { quick } from './measure.ts';

/** The shape of all benches of the codec: 6 data and 3 parity blocks of 256 KiB, as most objects have them. */
export const k = 6;
export const m = 3;
export const blockBytes = 262_144;
const dataBytes = k * blockBytes;

/** How long one window of coding lasts at least, ms. */
export const windowMs = quick() ? 150 : 400;

/** Shards from which three lost data blocks are decoded, and those from which one is by XOR. */
export const threeLost = { present: [3, 4, 5, 6, 7, 8], wanted: [0, 1, 2] };
export const oneLost = { present: [1, 2, 3, 4, 5, 6], wanted: [0] };

/** Does one piece of work of so many bytes again and again for a window; bytes per microsecond, which is MB/s. */
export function speedOf(bytes: number, work: () => void): number {
  const begun = performance.now();
  let done = 0;
  let ms: number;
  do {
    work();
    done += bytes;
    ms = performance.now() - begun;
  } while (ms < windowMs);
  return done / (ms * 1_000);
}

/** As `speedOf`, of work that is not done at once. */
export async function speedOfAsync(bytes: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  let done = 0;
  let ms: number;
  do {
    await work();
    done += bytes;
    ms = performance.now() - begun;
  } while (ms < windowMs);
  return done / (ms * 1_000);
}

/** A room with data of no pattern in its data blocks, encoded: what is computed anew in it is there already. */
export function encodedRoom(coders: CoderFactory): Room {
  const room = coders(k, m).room(blockBytes);
  room.bytes.set(dataBlocks());
  room.encode();
  return room;
}

/** MB/s of data, the bytes of the k inputs. */
export const encodeSpeed = (room: Room): number => speedOf(dataBytes, () => room.encode());

/** MB/s of the k inputs that are walked, whatever comes of them. */
export function decodeSpeed(room: Room, { present, wanted }: typeof threeLost): number {
  return speedOf(dataBytes, () => room.reconstruct(present, wanted, 0, blockBytes));
}

/** Throws unless these coders give the reference's bytes: what computes something else is not measured. */
export function checkCoders(name: string, coders: CoderFactory): void {
  const { bytes: right } = encodedRoom(referenceCoder);
  const room = encodedRoom(coders);
  const check = (what: string): void => {
    if (!equalBytes(room.bytes, right)) throw new Error(`${name}: ${what} gives other bytes than the reference`);
  };
  check('encoding');
  for (const { present, wanted } of [threeLost, oneLost]) {
    for (const shard of wanted) room.block(shard).fill(0);
    room.reconstruct(present, wanted, 0, blockBytes);
    check(`decoding ${wanted.join()}`);
  }
  room.release();
}

/** The same in every process: a linear congruential generator's upper bits, which isal.c makes again. */
export function dataBlocks(): Uint8Array {
  const blocks = new Uint8Array(dataBytes);
  let state = 1;
  for (let i = 0; i < blocks.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    blocks[i] = state >>> 24;
  }
  return blocks;
}
