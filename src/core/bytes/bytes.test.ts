import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, concatBytes, equalBytes } from './compare.ts';
import { bigEndian } from './integers.ts';
import { fromBase64url, fromHex, toBase64url, toHex, toUtf8 } from './text.ts';

const refused = expect.objectContaining({ code: 'bad-input' });
const anyBytes = fc.uint8Array({ maxLength: 80 });

describe('text forms of bytes', () => {
  test('[KEY-1] hex and base64url come back and agree with Node', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(equalBytes(fromHex(toHex(bytes)), bytes) && equalBytes(fromBase64url(toBase64url(bytes)), bytes)).toBe(true);
      }),
    );
  });

  test.each(['QQ==', 'QQ=', 'Q', 'QR', 'Q+', 'Q/', ' QQ', 'QQ\n', 'Qé'])(
    '[CAP-1] base64url refuses %j, which no encoder writes',
    (text) => {
      expect(() => fromBase64url(text)).toThrow(refused);
    },
  );

  test.each(['0', 'zz', ' 00', '0x00'])('[KEY-1] hex refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(refused);
  });

  test('[KEY-1] UTF-8 agrees with Node', () => {
    expect(toHex(toUtf8('Zoë 📦'))).toBe(Buffer.from('Zoë 📦').toString('hex'));
  });
});

describe('byte strings', () => {
  test('[KEY-1] big-endian integers of 1, 2, 4 and 8 bytes', () => {
    expect(toHex(bigEndian(255, 1))).toBe('ff');
    expect(toHex(bigEndian(258, 2))).toBe('0102');
    expect(toHex(bigEndian(2 ** 32 - 2, 4))).toBe('fffffffe');
    expect(toHex(bigEndian(Number.MAX_SAFE_INTEGER, 8))).toBe('001fffffffffffff');
  });

  test('[KEY-1] the order is that of Node', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });

  test('[KEY-1] joining copies', () => {
    const part = Uint8Array.of(1);
    const joined = concatBytes(part, Uint8Array.of(2, 3));
    part[0] = 9;
    expect([...joined]).toEqual([1, 2, 3]);
  });
});
