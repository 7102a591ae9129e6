/** GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11d), of which 2 is a generator. Addition is XOR. */
const polynomial = 0x11d;

/** Powers of 2, twice over so that a sum of two logarithms needs no reduction. */
const powers = new Uint8Array(510);
const logarithms = new Uint8Array(256);

let power = 1;
for (let exponent = 0; exponent < 255; exponent++) {
  powers[exponent] = power;
  powers[exponent + 255] = power;
  logarithms[power] = exponent;
  power = power < 128 ? power << 1 : (power << 1) ^ polynomial;
}

/** All products: entry 256 a + b is a · b. */
const products = new Uint8Array(65_536);
for (let a = 1; a < 256; a++) {
  for (let b = 1; b < 256; b++) products[256 * a + b] = powers[logarithms[a]! + logarithms[b]!]!;
}

export function multiply(a: number, b: number): number {
  return products[256 * a + b]!;
}

/** 1 / a. Throws RangeError for 0, which has none. */
export function inverse(a: number): number {
  if (a === 0) throw new RangeError('0 has no inverse');
  return powers[255 - logarithms[a]!]!;
}

/** The 256 multiples of a: entry b is a · b. */
export function multiplesOf(a: number): Uint8Array {
  return products.subarray(256 * a, 256 * a + 256);
}
