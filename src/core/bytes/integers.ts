/** `value` as an unsigned big-endian integer of `size` bytes; value ≤ 2^53 - 1. */
export function bigEndian(value: number, size: 1 | 2 | 4 | 8): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = value;
  for (let i = size - 1; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** The unsigned big-endian integer in up to 8 bytes; above 2^53 - 1 it is not exact, and no safe integer either. */
export function fromBigEndian(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** Writes an integer below 2^32 to four bytes: of each frame, where a DataView would cost more than all else of its header. */
export function setUint32(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (24 - 8 * i);
}

/** The integer in four bytes. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
