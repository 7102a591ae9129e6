/** Copies that nobody changes. */
export interface Copies {
  /** The same bytes in memory of their own. */
  of(bytes: Uint8Array): Uint8Array;
}

/** Memory is taken in pieces of this size: an array buffer for each frame of a few hundred bytes costs more than all else that carries it. */
const pieceBytes = 65_536;
/** Longer ones have memory of their own. */
const smallBytes = 1_024;

export function createCopies(): Copies {
  let piece = new Uint8Array(pieceBytes);
  let taken = 0;
  return {
    of(bytes) {
      if (bytes.length > smallBytes) return bytes.slice();
      if (taken + bytes.length > pieceBytes) [piece, taken] = [new Uint8Array(pieceBytes), 0];
      piece.set(bytes, taken);
      return piece.subarray(taken, (taken += bytes.length));
    },
  };
}
