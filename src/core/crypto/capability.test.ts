import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Capability, encodeCapability, narrow, parseCapability } from './capability.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const capability: fc.Arbitrary<Capability> = fc.oneof(
  key.map((writeSeed) => ({ right: 'write', writeSeed }) as const),
  fc.tuple(key, key).map(([objectKey, readKey]) => ({ right: 'read', objectKey, readKey }) as const),
  key.map((objectKey) => ({ right: 'verify', objectKey }) as const),
);

describe('capabilities', () => {
  test('[CAP-1] every capability comes back from its text', () => {
    fc.assert(
      fc.property(capability, (original) => {
        expect(parseCapability(encodeCapability(original))).toEqual(original);
      }),
    );
  });

  test('[CAP-2] no text with one other character is accepted', () => {
    fc.assert(
      fc.property(capability, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (original, at, character) => {
        const text = encodeCapability(original);
        const position = at % text.length;
        fc.pre(text[position] !== character);
        const changed = text.slice(0, position) + character + text.slice(position + 1);
        expect(() => parseCapability(changed)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(bad-input|too-new)$/) }));
      }),
      { numRuns: 300 },
    );
  });

  test('[CAP-3] write gives read, read gives verify, by way of the same keys', () => {
    const write: Capability = { right: 'write', writeSeed: new Uint8Array(32).fill(5) };
    expect(narrow(narrow(write, 'read'), 'verify')).toEqual(narrow(write, 'verify'));
    expect(narrow(write, 'write')).toBe(write);
  });

  test('[CAP-3] there is no way back', () => {
    const write: Capability = { right: 'write', writeSeed: new Uint8Array(32).fill(5) };
    const refused = expect.objectContaining({ code: 'bad-input' });
    expect(() => narrow(narrow(write, 'read'), 'write')).toThrow(refused);
    expect(() => narrow(narrow(write, 'verify'), 'read')).toThrow(refused);
  });
});
