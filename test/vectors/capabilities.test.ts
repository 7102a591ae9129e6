import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/core/bytes/text.ts';
import { encodeCapability, narrow, parseCapability } from '../../src/core/crypto/capability.ts';
import { catalogSeed, objectKeys, recordKey } from '../../src/core/crypto/keys.ts';
import { vectors } from './vectors.ts';

interface Texts {
  readonly W: string;
  readonly R: string;
  readonly V: string;
}
type Good = Texts & {
  readonly valid: true;
  readonly ws: string;
  readonly signSeed: string;
  readonly Pw: string;
  readonly rk: string;
  readonly recordKey: string;
};
type Bad = { readonly valid: false; readonly text: string; readonly reason: string; readonly why: string };
interface CapabilityVectors {
  readonly catalog: { readonly root: string; readonly writeSeed: string; readonly capabilities: Texts };
  readonly cases: readonly (Good | Bad)[];
}

const { catalog, cases } = vectors<CapabilityVectors>('capabilities');

function textsOf(writeSeed: Uint8Array): Texts {
  const write = { right: 'write', writeSeed } as const;
  return { W: encodeCapability(write), R: encodeCapability(narrow(write, 'read')), V: encodeCapability(narrow(write, 'verify')) };
}

describe('capabilities.json', () => {
  test.each(cases.filter((each) => each.valid))('[KEY-2, KEY-3, CAP-1] keys and texts of $ws', (good) => {
    const writeSeed = fromHex(good.ws);
    const keys = objectKeys(writeSeed);
    expect(toHex(keys.signSeed)).toBe(good.signSeed);
    expect(toHex(keys.objectKey)).toBe(good.Pw);
    expect(toHex(keys.readKey)).toBe(good.rk);
    expect(toHex(recordKey(keys.objectKey))).toBe(good.recordKey);
    expect(textsOf(writeSeed)).toEqual({ W: good.W, R: good.R, V: good.V });
    for (const text of [good.W, good.R, good.V]) expect(encodeCapability(parseCapability(text))).toBe(text);
  });

  test.each(cases.filter((each) => !each.valid))('[CAP-2] refuses $text: $why', ({ text, why }) => {
    const code = why.startsWith('version 2') ? 'too-new' : 'bad-input';
    expect(() => parseCapability(text)).toThrow(expect.objectContaining({ code }));
  });

  test('[KEY-5] catalog of a recovery phrase', () => {
    const writeSeed = catalogSeed(fromHex(catalog.root));
    expect(toHex(writeSeed)).toBe(catalog.writeSeed);
    expect(textsOf(writeSeed)).toEqual(catalog.capabilities);
  });
});
