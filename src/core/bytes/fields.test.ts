import { describe, expect, test } from 'vitest';
import type { CborValue } from './cbor.ts';
import { bytes, fields, formatted, list, optional, text, uint } from './fields.ts';

const refused = expect.objectContaining({ code: 'bad-input' });
const point = fields({ x: [1, uint(0, 9)], label: [2, optional(text(3))] });

describe('fields', () => {
  test('[CBOR-4] a record is written under its keys and read back', () => {
    expect(point.write({ x: 4, label: 'abc' })).toEqual(
      new Map<number, CborValue>([
        [1, 4],
        [2, 'abc'],
      ]),
    );
    expect(
      point.read(
        new Map<number, CborValue>([
          [1, 4],
          [2, 'abc'],
        ]),
        'point',
      ),
    ).toEqual({ x: 4, label: 'abc' });
  });

  test('[FMT-1] a form has its format under key 1, which is no field; of a later one nothing is read but that', () => {
    const form = formatted({ x: [2, uint(0, 9)] });
    const of = (...entries: readonly (readonly [number, CborValue])[]) => new Map<number, CborValue>(entries);
    expect(form.write({ x: 4 })).toEqual(of([1, 1], [2, 4]));
    expect(form.read(of([1, 1], [2, 4]), 'form')).toEqual({ x: 4 });
    const tooNew = { code: 'too-new', message: 'The form was made by a newer version of Shoal.' };
    expect(() => form.read(of([1, 2], [7, 'new']), 'form')).toThrow(expect.objectContaining(tooNew));
    for (const wrong of [of([2, 4]), of([1, 0], [2, 4]), of([1, 'a'], [2, 4]), of([1, 1], [2, 4], [3, 1]), of([1, 1]), 'text'])
      expect(() => form.read(wrong, 'form')).toThrow(refused);
  });

  test('[CBOR-4] an optional field that is absent is left out, both ways', () => {
    expect(point.write({ x: 4 })).toEqual(new Map([[1, 4]]));
    expect(Object.keys(point.read(new Map([[1, 4]]), 'point'))).toEqual(['x']);
  });

  test.each<readonly [string, CborValue]>([
    [
      'a key too many',
      new Map([
        [1, 4],
        [3, 0],
      ]),
    ],
    ['a key missing', new Map([[2, 'abc']])],
    ['an integer above its bound', new Map([[1, 10]])],
    [
      'text above its bound',
      new Map<number, CborValue>([
        [1, 4],
        [2, 'abcd'],
      ]),
    ],
    ['text where an integer belongs', new Map([[1, '4']])],
    ['a list where a map belongs', [4]],
  ])('[CBOR-4] refuses %s', (_, value) => {
    expect(() => point.read(value, 'point')).toThrow(refused);
  });

  test('[CBOR-4] the message names the field', () => {
    expect(() => fields({ at: [1, point] }).read(new Map([[1, new Map([[1, 10]])]]), 'map')).toThrow(/map\.at\.x/);
  });

  test('[CBOR-4] byte strings have exactly or at most so many bytes', () => {
    expect(bytes(2).read(new Uint8Array(2), 'b')).toHaveLength(2);
    expect(() => bytes(2).read(new Uint8Array(3), 'b')).toThrow(refused);
    expect(bytes({ most: 2 }).read(new Uint8Array(0), 'b')).toHaveLength(0);
    expect(() => bytes({ most: 2 }).read(new Uint8Array(3), 'b')).toThrow(refused);
  });

  test('[CBOR-4] lists hold one kind and are bounded', () => {
    expect(list(uint(), 2).read([1, 2], 'l')).toEqual([1, 2]);
    expect(() => list(uint(), 2).read([1, 2, 3], 'l')).toThrow(refused);
    expect(() => list(uint(), 2).read([1, 'a'], 'l')).toThrow(refused);
  });
});
