import * as cborg from 'cborg';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CborValue, decodeCbor, encodeCbor } from './cbor.ts';
import { fromHex, toHex } from './text.ts';

const refused = expect.objectContaining({ code: 'bad-input' });

/** Values of the subset, at most six containers deep. */
const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.maxSafeNat(),
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !/\p{Surrogate}/u.test(text)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.maxSafeNat(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

describe('canonical CBOR', () => {
  test('[CBOR-1] every value of the subset comes back', () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(decodeCbor(encodeCbor(original))).toEqual(original);
      }),
      { numRuns: 200 },
    );
  });

  test('[CBOR-2] values are written as cborg writes them, a reader and writer of all of CBOR', () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(toHex(encodeCbor(original))).toBe(toHex(cborg.encode(original, cborg.rfc8949EncodeOptions)));
      }),
      { numRuns: 200 },
    );
  });

  test('[CBOR-3] what is read is what cborg reads, and has the one spelling that is written', () => {
    const likely = fc.uint8Array({ maxLength: 24 }).map((bytes) => bytes.map((byte, i) => (i % 3 === 0 ? byte & 0xbf : byte)));
    const nearly = fc.tuple(value, fc.nat(), fc.nat({ max: 255 })).map(([original, position, byte]) => {
      const bytes = encodeCbor(original);
      bytes[position % bytes.length] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(likely, nearly), (bytes) => {
        const read = decodesTo(bytes);
        if (read === undefined) return;
        expect(toHex(encodeCbor(read))).toBe(toHex(bytes));
        // cborg drops a byte order mark at the beginning of a text.
        if (!toHex(bytes).includes('efbbbf')) expect(cborg.decode(bytes, { useMaps: true })).toEqual(read);
      }),
      { numRuns: 2000 },
    );
  });

  test('[CBOR-3] a text is read as it stands, with a byte order mark at its beginning', () => {
    expect(decodeCbor(encodeCbor('\ufeffa'))).toBe('\ufeffa');
  });

  test('[CBOR-2] map keys are written in ascending order, whatever order they were set in', () => {
    const map = new Map([
      [256, 1],
      [3, 2],
      [24, 3],
    ]);
    expect(toHex(encodeCbor(map))).toBe('a3030218180319010001');
  });

  test('[CBOR-3] no change of one byte is read as the same value', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), (original, position, change) => {
        const bytes = encodeCbor(original).slice();
        bytes[position % bytes.length]! ^= change;
        expect(decodesTo(bytes)).not.toEqual(original);
      }),
      { numRuns: 200 },
    );
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN, true, null, undefined, 1n, {}, new Map([['a', 1]]), new Map([[-1, 1]])])(
    '[CBOR-1] %s is not written',
    (outside) => {
      expect(() => encodeCbor(outside as CborValue)).toThrow(refused);
    },
  );

  test('[CBOR-3] six containers are read and written, a seventh is not', () => {
    const six = [[[[[[1]]]]]];
    expect(decodeCbor(encodeCbor(six))).toEqual(six);
    expect(() => encodeCbor([six])).toThrow(refused);
    expect(() => decodeCbor(fromHex(`81${toHex(encodeCbor(six))}`))).toThrow(refused);
  });

  test('[CBOR-3] a very deep or very long claim is refused before it costs memory', () => {
    expect(() => decodeCbor(new Uint8Array(100_000).fill(0x81))).toThrow(refused);
    expect(() => decodeCbor(fromHex('9b001fffffffffffff'))).toThrow(refused);
  });
});

function decodesTo(bytes: Uint8Array): CborValue | undefined {
  try {
    return decodeCbor(bytes);
  } catch {
    return undefined;
  }
}
