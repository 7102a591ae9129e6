/** Small files all look alike: no plaintext stream is shorter. */
const streamBytesMin = 4096;

/**
 * Length of a plaintext stream of `length` bytes after padding: Padmé of at least 4,096 (SPEC PAD-1), which leaks
 * O(log log length) bits of the size for at most 12 % more bytes.
 */
export function paddedLength(length: number): number {
  const least = Math.max(length, streamBytesMin);
  const exponent = floorLog2(least);
  const granule = 2 ** (exponent - floorLog2(exponent) - 1);
  return Math.ceil(least / granule) * granule;
}

/** ⌊log2 value⌋ for 1 ≤ value < 2^53, exact where Math.log2 is not. */
function floorLog2(value: number): number {
  let exponent = 0;
  for (let power = 2; power <= value; power *= 2) exponent++;
  return exponent;
}
