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
