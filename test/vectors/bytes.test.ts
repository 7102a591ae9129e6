import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../src/core/bytes/cbor.ts';
import { fromHex, toHex } from '../../src/core/bytes/text.ts';
import { paddedLength } from '../../src/core/object/padme.ts';
import { vectors } from './vectors.ts';

const cbor = vectors<{ cases: { valid: boolean; hex: string; why?: string }[] }>('cbor').cases;
const padme = vectors<{ cases: { length: number; padded: number }[] }>('padme').cases;

describe('cbor.json', () => {
  test.each(cbor.filter((each) => each.valid))('[CBOR-2] $hex decodes and encodes to itself', ({ hex }) => {
    expect(toHex(encodeCbor(decodeCbor(fromHex(hex))))).toBe(hex);
  });

  test.each(cbor.filter((each) => !each.valid))('[CBOR-3] refuses $hex: $why', ({ hex }) => {
    expect(() => decodeCbor(fromHex(hex))).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});

describe('padme.json', () => {
  test.each(padme)('[PAD-1] $length bytes are padded to $padded', ({ length, padded }) => {
    expect(paddedLength(length)).toBe(padded);
  });
});
