import { describe, expect, test } from 'vitest';
import type { CborValue } from './cbor.ts';
import { bytes, fields, list, optional, text, uint } from './fields.ts';

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
