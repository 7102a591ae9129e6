import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../src/core/bytes/compare.ts';
import { fromHex, toHex } from '../../src/core/bytes/text.ts';
import { parseCapability } from '../../src/core/crypto/capability.ts';
import { type ShoalError, errorCode } from '../../src/core/errors.ts';
import { descriptorLabel, encodeDescriptorBody, parseDescriptor } from '../../src/core/object/descriptor.ts';
import { encodeSigned, signingBytes } from '../../src/core/object/signed.ts';
import type { Crypto } from '../../src/peer/ports.ts';
import { nobleCrypto } from '../../src/platform/memory/crypto.ts';
import { webCrypto } from '../../src/platform/web-crypto.ts';
import { vectors } from './vectors.ts';

interface DescriptorVectors {
  readonly R: string;
  readonly Pw: string;
  readonly cases: readonly { readonly valid: boolean; readonly reason?: string; readonly why: string; readonly hex: string }[];
}

const { R, Pw, cases } = vectors<DescriptorVectors>('descriptors');
const engines: readonly (readonly [string, Crypto])[] = [
  ['noble', nobleCrypto()],
  ['WebCrypto', webCrypto(globalThis.crypto.subtle)],
];

type Refusal = 'form' | 'signature' | 'other-object';

/** What a holder of the R capability makes of a descriptor. */
async function read(hex: string, crypto: Crypto): Promise<'accepted' | Refusal> {
  try {
    const { descriptor, body, signature } = parseDescriptor(fromHex(hex));
    if (!(await crypto.verify(descriptor.objectKey, signingBytes(descriptorLabel, body), signature))) return 'signature';
    return equalBytes(descriptor.objectKey, fromHex(Pw)) ? 'accepted' : 'other-object';
  } catch (error) {
    expect(['bad-input', 'too-new']).toContain(errorCode(error as ShoalError));
    return 'form';
  }
}

/** Unsound keys are refused with the form, before an engine sees them. */
function refusalsFor(reason: string, why: string): readonly Refusal[] {
  if (reason === 'other-object') return ['other-object'];
  if (reason === 'signature') return why.startsWith('Pw ') ? ['form'] : ['signature'];
  return ['form'];
}

describe.each(engines)('descriptors.json with %s', (_, crypto) => {
  test.each(cases.filter((each) => each.valid))('[DESC-3, SIG-3] accepts a descriptor $why', async ({ hex }) => {
    expect(await read(hex, crypto)).toBe('accepted');
    const { descriptor, signature } = parseDescriptor(fromHex(hex));
    expect(toHex(encodeSigned(encodeDescriptorBody(descriptor), signature))).toBe(hex);
  });

  test.each(cases.filter((each) => !each.valid))('[DESC-4, SIG-1, SIG-2, SIG-3] refuses: $why', async ({ hex, reason, why }) => {
    expect(refusalsFor(reason!, why)).toContain(await read(hex, crypto));
  });
});

describe.each(engines)('the signature rule alone with %s', (_, crypto) => {
  const crafted = cases.filter(({ reason }) => reason === 'signature');

  test.each(crafted)('[SIG-1, SIG-2, SIG-3] refuses: $why', async ({ hex }) => {
    const { objectKey, body, signature } = unchecked(hex);
    expect(await crypto.verify(objectKey, signingBytes(descriptorLabel, body), signature)).toBe(false);
  });

  test('[DESC-5] the capability of the vectors names their key', () => {
    expect(toHex(new Uint8Array((parseCapability(R) as { objectKey: Uint8Array }).objectKey))).toBe(Pw);
  });
});

/** The parts of a well-formed descriptor by their places, so that keys which parseDescriptor refuses reach the engines too. */
function unchecked(hex: string): { readonly objectKey: Uint8Array; readonly body: Uint8Array; readonly signature: Uint8Array } {
  const bytes = fromHex(hex);
  const body = bytes.subarray(3, bytes.length - 66);
  return { objectKey: body.subarray(6, 38), body, signature: bytes.subarray(bytes.length - 64) };
}
