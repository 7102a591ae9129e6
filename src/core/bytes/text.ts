import { base64urlnopad, hex, utf8 } from '@scure/base';
import { ShoalError } from '../errors.ts';

/** Lower-case hex text of bytes: how ids are named in memory, as map keys and on the page. */
export const toHex = (bytes: Uint8Array): string => hex.encode(bytes);

/** Bytes of hex text. Throws `bad-input`. */
export const fromHex = (text: string): Uint8Array => decode(() => hex.decode(text), 'hex');

/** base64url without padding (RFC 4648 §5). */
export const toBase64url = (bytes: Uint8Array): string => base64urlnopad.encode(bytes);

/** Bytes of base64url text, only in the form an encoder writes: no padding, unused bits zero. Throws `bad-input`. */
export const fromBase64url = (text: string): Uint8Array => decode(() => base64urlnopad.decode(text), 'base64url');

/** UTF-8 bytes of text. */
export const toUtf8 = (text: string): Uint8Array => utf8.decode(text);

/** Text of UTF-8 bytes, every character as it stands, a byte order mark too. Throws `bad-input` for bytes that are no UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => decode(() => utf8.encode(bytes), 'UTF-8');

function decode<T>(read: () => T, form: string): T {
  try {
    return read();
  } catch {
    throw new ShoalError('bad-input', `not ${form}`);
  }
}
