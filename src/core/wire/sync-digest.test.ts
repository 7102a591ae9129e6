import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { decodeKeys, decodeSyncDigest, encodeKeys, encodeSyncDigest } from './sync-digest.ts';

const keys = fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex), { maxLength: 20 });
const refused = expect.objectContaining({ code: 'bad-input' });

test('[SYNC-1] a digest has 48 bytes for each record, by rising key, and reads back', () => {
  fc.assert(
    fc.property(keys, (recordKeys) => {
      const records = recordKeys.map((recordKey, i) => ({ recordKey, stamp: new Uint8Array(16).fill(i) }));
      const digest = encodeSyncDigest(records);
      expect(digest.length).toBe(48 * records.length);
      expect(decodeSyncDigest(digest)).toEqual(records.toSorted((a, b) => (a.recordKey < b.recordKey ? -1 : 1)));
      expect(decodeKeys(encodeKeys(recordKeys))).toEqual(recordKeys);
    }),
  );
});

test('[SYNC-1] of another length, out of order or with a record twice it is refused', () => {
  const entry = (i: number): number[] => [...new Uint8Array(32).fill(i), ...new Uint8Array(16)];
  for (const bytes of [[1], entry(1).slice(1), [...entry(2), ...entry(1)], [...entry(1), ...entry(1)]])
    expect(() => decodeSyncDigest(Uint8Array.from(bytes))).toThrow(refused);
  expect(() => decodeKeys(new Uint8Array(33))).toThrow(refused);
});
