import { expect, test } from 'vitest';
import { type CborMap, type CborValue, decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { encodeSigned } from '../object/signed.ts';
import { statementBytesMax } from '../wire/limits.ts';
import { encodeRenewalBody, parseRenewal } from './renewal.ts';
import { objectKey } from './samples.contract.ts';
import { encodeTombstoneBody, everyVersion, parseTombstone } from './tombstone.ts';

const refused = expect.objectContaining({ code: 'bad-input' });
const sign = (body: Uint8Array): Uint8Array => encodeSigned(body, new Uint8Array(64));
const most = Number.MAX_SAFE_INTEGER;

/** The body with one field changed, signed. */
function changed(body: Uint8Array, key: number, value: CborValue): Uint8Array {
  return sign(encodeCbor(new Map([...(decodeCbor(body) as CborMap), [key, value]])));
}

const statements = [
  [
    '[RENEW-1] a renewal',
    encodeRenewalBody({ objectKey, leaseMs: most }),
    (signed: Uint8Array) => parseRenewal(signed).renewal,
    { objectKey, leaseMs: most },
  ],
  [
    '[TOMB-1] a tombstone',
    encodeTombstoneBody({ objectKey, upTo: everyVersion }),
    (signed: Uint8Array) => parseTombstone(signed).tombstone,
    { objectKey, upTo: everyVersion },
  ],
] as const;

test.each(statements)('%s reads back, at its longest too; other fields, forms and lengths are refused', (_, body, parse, stated) => {
  expect(sign(body).length).toBeLessThanOrEqual(statementBytesMax);
  expect(parse(sign(body))).toEqual(stated);
  expect(() => parse(changed(body, 2, new Uint8Array(31)))).toThrow(refused);
  expect(() => parse(changed(body, 3, 'soon'))).toThrow(refused);
  expect(() => parse(changed(body, 4, 1))).toThrow(refused);
  expect(() => parse(new Uint8Array(statementBytesMax + 1))).toThrow(refused);
});

test.each(statements)('[FMT-1] %s of a later format is too-new', (_, body, parse) => {
  expect(() => parse(changed(body, 1, 2))).toThrow(expect.objectContaining({ code: 'too-new' }));
});

test('[TOMB-1] there is no version 0 to delete', () => {
  expect(() => encodeTombstoneBody({ objectKey, upTo: 0 })).toThrow(refused);
});
