/** Pieces vary by a chunk: so much more makes one's memory do for the next. */
const granule = 65_536;

/** Memory for `length` bytes: that of `spare` where it suffices. */
export function roomFor(length: number, spare: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  if (spare !== undefined && spare.buffer.byteLength >= length) return new Uint8Array(spare.buffer as ArrayBuffer, 0, length);
  return new Uint8Array(new ArrayBuffer(Math.ceil(length / granule) * granule), 0, length);
}
