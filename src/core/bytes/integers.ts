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
