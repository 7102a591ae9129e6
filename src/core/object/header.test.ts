import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../bytes/cbor.ts';
import { concatBytes } from '../bytes/compare.ts';
import { bigEndian } from '../bytes/integers.ts';
import { chunkBytes } from '../crypto/chunks.ts';
import { encodeHeader, type Header, parseHead, streamLength } from './header.ts';

const plain: Header = { name: 'a', media: 'b', size: 5, mtime: 0 };
const unicode = (most: number) => fc.string({ unit: 'grapheme', maxLength: most / 8 });
const header: fc.Arbitrary<Header> = fc
  .record({ name: unicode(1024), media: unicode(256), size: fc.maxSafeNat(), mtime: fc.maxSafeNat() })
  .filter(({ name, media }) => Buffer.from(name).length <= 1024 && Buffer.from(media).length <= 256);

describe('the header of the plaintext stream', () => {
  test('[HEAD-2] every header comes back, name and all as given', () => {
    fc.assert(
      fc.property(header, (original) => {
        const head = encodeHeader(original);
        expect(parseHead(concatBytes(head, new Uint8Array(9)))).toEqual({ header: original, headBytes: head.length });
      }),
    );
  });

  test('[HEAD-3] names have up to 1,024 bytes of UTF-8 and media types up to 256', () => {
    expect(() => encodeHeader({ ...plain, name: 'é'.repeat(512), media: 'x'.repeat(256) })).not.toThrow();
    const refused = expect.objectContaining({ code: 'bad-input' });
    expect(() => encodeHeader({ ...plain, name: `${'é'.repeat(512)}a` })).toThrow(refused);
    expect(() => encodeHeader({ ...plain, media: 'x'.repeat(257) })).toThrow(refused);
  });

  test('[HEAD-3] the longest header lies in the first chunk', () => {
    const longest = encodeHeader({ name: 'n'.repeat(1024), media: 'm'.repeat(256), size: 2 ** 53 - 1, mtime: 2 ** 53 - 1 });
    expect(longest.length).toBeLessThan(chunkBytes);
    expect(parseHead(longest).headBytes).toBe(longest.length);
  });

  test('[HEAD-2] a name that is not Unicode is refused, not changed', () => {
    expect(() => encodeHeader({ ...plain, name: 'a\ud800' })).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  test.each([
    [
      'a name above its bound',
      new Map<number, string | number>([
        [1, 'é'.repeat(513)],
        [2, ''],
        [3, 0],
        [4, 0],
      ]),
    ],
    [
      'a key too many',
      new Map<number, string | number>([
        [1, ''],
        [2, ''],
        [3, 0],
        [4, 0],
        [5, 0],
      ]),
    ],
    ['no map at all', 'a'],
  ])('[OPEN-4] a reader refuses %s', (_, value) => {
    const cbor = encodeCbor(value);
    expect(() => parseHead(concatBytes(bigEndian(cbor.length, 4), cbor))).toThrow(expect.objectContaining({ code: 'integrity' }));
  });

  test('[OPEN-4] a header that is cut or claims to be huge is refused', () => {
    const refused = expect.objectContaining({ code: 'integrity' });
    expect(() => parseHead(new Uint8Array(3))).toThrow(refused);
    expect(() => parseHead(encodeHeader(plain).subarray(0, -1))).toThrow(refused);
    expect(() => parseHead(concatBytes(bigEndian(2 ** 32 - 1, 4), new Uint8Array(20_000)))).toThrow(refused);
  });

  test('[HEAD-1] the stream is head and file, padded', () => {
    expect(streamLength(plain)).toBe(4096);
    expect(streamLength({ ...plain, size: 4096 })).toBe(4352);
  });
});
