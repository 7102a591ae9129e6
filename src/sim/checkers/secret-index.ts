/** Shorter ones might be met by chance. */
const secretBytesMin = 16;
/**
 * A secret is looked for by four of its bytes, at every eighth place of what may hold it: wherever it stands there, one of its first eight bytes
 * stands at such a place.
 */
const stride = 8;
/** Of the numbers that four bytes are mixed to. */
const mixBits = 20;

/** Byte strings that are nobody's business, to be found in others. */
export interface SecretIndex {
  /** Adds one of at least 16 bytes; shorter ones are left out. */
  add(secret: Uint8Array): void;
  /** Whether any of them stands anywhere in these bytes. */
  isIn(bytes: Uint8Array): boolean;
}

export function createSecretIndex(): SecretIndex {
  /** By four bytes: the secrets that have them among their first, and where. */
  const places = new Map<number, { readonly secret: Uint8Array; readonly offset: number }[]>();
  /** A bit for each mix of four bytes that is there: nearly every place of a frame ends at this look. */
  const isThere = new Uint8Array(1 << (mixBits - 3));

  return {
    add(secret) {
      if (secret.length < secretBytesMin) return;
      for (let offset = 0; offset < stride; offset++) {
        const four = fourAt(secret, offset);
        const mix = mixOf(four);
        isThere[mix >> 3]! |= 1 << (mix & 7);
        const place = { secret, offset };
        const known = places.get(four);
        if (known === undefined) places.set(four, [place]);
        else known.push(place);
      }
    },
    isIn(bytes) {
      for (let at = 0; at + 4 <= bytes.length; at += stride) {
        const four = fourAt(bytes, at);
        const mix = mixOf(four);
        if ((isThere[mix >> 3]! & (1 << (mix & 7))) === 0) continue;
        if (places.get(four)?.some(({ secret, offset }) => isAt(bytes, at - offset, secret)) === true) return true;
      }
      return false;
    },
  };
}

const fourAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

/** Fibonacci hashing: the highest bits of a product with 2^32 by the golden ratio. */
const mixOf = (four: number): number => Math.imul(four, 0x9e3779b1) >>> (32 - mixBits);

function isAt(bytes: Uint8Array, start: number, secret: Uint8Array): boolean {
  if (start < 0 || start + secret.length > bytes.length) return false;
  for (let i = 0; i < secret.length; i++) if (bytes[start + i] !== secret[i]) return false;
  return true;
}
