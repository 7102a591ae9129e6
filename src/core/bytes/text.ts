import { ShoalError } from '../errors.ts';

/** Every engine has these two; the language's own library does not name them. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  form: 'utf-8',
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => {
  decode(bytes: Uint8Array): string;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** What no digit is worth. */
const none = 255;
const worthOfLetters = worths(letters);
const worthOfHexDigits = worths('0123456789abcdef', '0123456789ABCDEF');
/** Characters of the hex digits. */
const hexDigits = encoder.encode('0123456789abcdef');

/** Lower-case hex text of bytes: how ids are named in memory, as map keys and on the page. */
export function toHex(bytes: Uint8Array): string {
  // Text put together digit by digit is a chain of pieces until it is first looked up, and twice as slow then.
  const digits = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    digits[2 * i] = hexDigits[bytes[i]! >> 4]!;
    digits[2 * i + 1] = hexDigits[bytes[i]! & 15]!;
  }
  return decoder.decode(digits);
}

/** Bytes of hex text. Throws `bad-input`. */
export const fromHex = (text: string): Uint8Array => fromDigits(text, worthOfHexDigits, 4, 'hex');

/** base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    for (bits += 8; bits >= 6; bits -= 6) text += letters[(held >> (bits - 6)) & 63]!;
  }
  return bits === 0 ? text : text + letters[(held << (6 - bits)) & 63]!;
}

/** Bytes of base64url text, only in the form an encoder writes: no padding, unused bits zero. Throws `bad-input`. */
export const fromBase64url = (text: string): Uint8Array => fromDigits(text, worthOfLetters, 6, 'base64url');

/** UTF-8 bytes of text. Half a surrogate pair, where a text was cut, has none and becomes U+FFFD. */
export const toUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of UTF-8 bytes, every character as it stands, a byte order mark too. Throws `bad-input` for bytes that are no UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw refused('UTF-8');
  }
}

/** Bytes of digits of `bits` bits each; what is left of the last one must be zero and less than a digit. */
function fromDigits(text: string, worth: Uint8Array, bits: number, form: string): Uint8Array {
  const bytes = new Uint8Array((text.length * bits) >> 3);
  let held = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = worth[text.charCodeAt(i)] ?? none;
    if (digit === none) throw refused(form);
    held = (held << bits) | digit;
    count += bits;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = held >> count;
    held &= (1 << count) - 1;
  }
  if (count >= bits || held !== 0) throw refused(form);
  return bytes;
}

/** What each ASCII character is worth as a digit, in any of these spellings of them. */
function worths(...spellings: readonly string[]): Uint8Array {
  const table = new Uint8Array(128).fill(none);
  for (const digits of spellings) for (let worth = 0; worth < digits.length; worth++) table[digits.charCodeAt(worth)] = worth;
  return table;
}

function refused(form: string): ShoalError {
  return new ShoalError('bad-input', `not ${form}`);
}
