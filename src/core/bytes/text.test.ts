import { base64urlnopad, hex, utf8 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64url, fromHex, fromUtf8, toBase64url, toHex, toUtf8 } from './text.ts';

const refused = expect.objectContaining({ code: 'bad-input' });
const bytes = fc.uint8Array({ maxLength: 100 });
const runs = { numRuns: 300 };

/** What `read` gives, or undefined where it throws. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

describe('text of bytes, by another implementation of the same', () => {
  it('hex and base64url are written alike and read back', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect([toHex(given), toBase64url(given)]).toEqual([hex.encode(given), base64urlnopad.encode(given)]);
        expect([fromHex(toHex(given)), fromBase64url(toBase64url(given))]).toEqual([given, given]);
        expect(fromHex(toHex(given).toUpperCase())).toEqual(given);
      }),
      runs,
    );
  });

  it('any other text is taken or refused alike', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0aAfFgGzZ9-_+/= é'.split('')), maxLength: 9 });
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ maxLength: 9 })), (text) => {
        expect(tried(() => fromHex(text))).toEqual(tried(() => hex.decode(text)));
        expect(tried(() => fromBase64url(text))).toEqual(tried(() => base64urlnopad.decode(text)));
      }),
      runs,
    );
  });

  it.each(['a', 'abc', 'é0', '0x', '\uff10\uff10'])('%j is no hex', (text) => {
    expect(() => fromHex(text)).toThrow(refused);
  });

  it.each(['A', 'AB', 'AAB', 'AA==', 'A+', 'A/', 'AA\n', '\u0141A'])('%j is no base64url', (text) => {
    expect(() => fromBase64url(text)).toThrow(refused);
  });

  it('UTF-8 is read and written alike, and half a pair becomes U+FFFD', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), bytes, (text, given) => {
        expect(toUtf8(text)).toEqual(utf8.decode(text));
        expect(tried(() => fromUtf8(given))).toBe(tried(() => utf8.encode(given)));
      }),
      runs,
    );
    expect(fromUtf8(toUtf8('\ufeffa'))).toBe('\ufeffa');
    expect(toUtf8('a\ud800')).toEqual(toUtf8('a\ufffd'));
    expect(() => fromUtf8(Uint8Array.of(0xc0, 0x80))).toThrow(refused);
  });
});
