import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/compare.ts';
import { fromHex, toUtf8 } from '../bytes/text.ts';
import { ed25519PublicKey, ed25519Sign } from './ed25519.ts';
import { acceptableKey, acceptableSignature, verifySync } from './signature.ts';

const seed = new Uint8Array(32).fill(1);
const publicKey = ed25519PublicKey(seed);
const message = toUtf8('message');
const signature = ed25519Sign(seed, message);

/** The eight points of small order, and other spellings of them (y ≥ p, sign of x = 0). */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
const identities = smallOrder.filter((encoded) => /^(01|ee)/.test(encoded));

describe('keys that may sign', () => {
  test('[SIG-1] the base point and ordinary keys', () => {
    expect(acceptableKey(fromHex(`58${'66'.repeat(31)}`))).toBe(true);
    expect(acceptableKey(publicKey)).toBe(true);
  });

  test.each(smallOrder)('[SIG-1] not %s, of small order', (encoded) => {
    expect(acceptableKey(fromHex(encoded))).toBe(false);
  });

  test('[SIG-1] not a point with a part of small order, one off the curve, or one of another length', () => {
    expect(acceptableKey(fromHex('cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d'))).toBe(false);
    expect(acceptableKey(fromHex(`02${'00'.repeat(31)}`))).toBe(false);
    for (const length of [0, 31, 33]) expect(acceptableKey(new Uint8Array(length))).toBe(false);
  });
});

describe('signatures that are looked at', () => {
  const withS = (s: string): Uint8Array => concatBytes(signature.subarray(0, 32), fromHex(s));
  const withR = (r: string): Uint8Array => concatBytes(fromHex(r), signature.subarray(32));

  test('[SIG-2] S below L, and not L itself', () => {
    expect(acceptableSignature(withS('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010'))).toBe(true);
    expect(acceptableSignature(withS('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010'))).toBe(false);
    expect(acceptableSignature(withS('ff'.repeat(32)))).toBe(false);
  });

  test.each(identities)('[SIG-2] R is not the identity, spelt %s', (encoded) => {
    expect(acceptableSignature(withR(encoded))).toBe(false);
  });

  test('[SIG-2] R is canonical: y below p', () => {
    expect(acceptableSignature(withR(`ec${'ff'.repeat(30)}7f`))).toBe(true);
    expect(acceptableSignature(withR(`ed${'ff'.repeat(30)}7f`))).toBe(false);
    expect(acceptableSignature(withR('ff'.repeat(32)))).toBe(false);
  });

  test('[SIG-2] 64 bytes', () => {
    for (const length of [0, 63, 65]) expect(acceptableSignature(new Uint8Array(length))).toBe(false);
  });
});

test('[SIG-3] the whole rule accepts what was signed and nothing else', () => {
  expect(verifySync(publicKey, message, signature)).toBe(true);
  expect(verifySync(publicKey, toUtf8('massage'), signature)).toBe(false);
  expect(verifySync(ed25519PublicKey(new Uint8Array(32)), message, signature)).toBe(false);
});
