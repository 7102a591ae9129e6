/** A file being sealed, read piece by piece. */
export interface FileReader {
  /** Bytes `start` to `end`, into the memory of `spare`, an answer that is done with, where they fit. Throws `integrity` for a changed file. */
  read(start: number, end: number, spare?: Uint8Array): Promise<Uint8Array>;
  /** Nothing is read any more. */
  close(): void;
}

/** Pieces vary by a chunk: so much more makes one's memory do for the next. */
const granule = 65_536;

/** Memory for `length` bytes: that of `spare` where it suffices. */
export function roomFor(length: number, spare: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  if (spare !== undefined && spare.buffer.byteLength >= length) return new Uint8Array(spare.buffer as ArrayBuffer, 0, length);
  return new Uint8Array(new ArrayBuffer(Math.ceil(length / granule) * granule), 0, length);
}
