import { describe, expect, it } from 'vitest';
import { type CborValue, encodeCbor } from '../bytes/cbor.ts';
import { toHex } from '../bytes/text.ts';
import { commonVersion, decodeHello, encodeHello, fingerprintBytes, type Hello, type Side, transcript } from './handshake.ts';
import { frameHeaderBytes, handshakeBytesMax } from './limits.ts';

const fingerprint = (byte: string): string => Array.from({ length: 32 }, () => byte).join(':');
const hello: Hello = { versions: [1], publicKey: new Uint8Array(32).fill(1), nonce: new Uint8Array(32).fill(2), features: [3] };

describe('handshake', () => {
  it('[HAND-2] a hello reads back; a wrong form is bad-input; no known version is too-new whatever its form', () => {
    expect(decodeHello(encodeHello(hello), [1])).toEqual(hello);
    for (const wrong of [
      { ...hello, publicKey: new Uint8Array(31) },
      { ...hello, nonce: new Uint8Array(33) },
      { ...hello, features: [0] },
    ]) {
      expect(() => decodeHello(encodeHello(wrong), [1])).toThrow(expect.objectContaining({ code: 'bad-input' }));
    }
    const later = encodeCbor(
      new Map<number, CborValue>([
        [1, [2, 3]],
        [9, 'of a later version'],
      ]),
    );
    expect(() => decodeHello(later, [1])).toThrow(expect.objectContaining({ code: 'too-new' }));
  });

  it('[HAND-2] the highest version of both is spoken', () => {
    expect(commonVersion([1, 2, 3], [2, 3, 4])).toBe(3);
    expect(() => commonVersion([1], [2])).toThrow(expect.objectContaining({ code: 'too-new' }));
  });

  it('[HAND-3] every part of both sides, and their order, is in the transcript', () => {
    const i: Side = { hello, fingerprint: fingerprint('AA') };
    const r: Side = { hello: { ...hello, publicKey: new Uint8Array(32).fill(9) }, fingerprint: fingerprint('BB') };
    const changes: readonly (Partial<Side> | Partial<Hello>)[] = [
      { fingerprint: fingerprint('CC') },
      { versions: [1, 2] },
      { publicKey: new Uint8Array(32) },
      { nonce: new Uint8Array(32) },
      { features: [] },
    ];
    const changed = (side: Side, change: Partial<Side> | Partial<Hello>): Side =>
      'fingerprint' in change ? { ...side, ...change } : { ...side, hello: { ...side.hello, ...change } };
    const all = [
      transcript('swarm', i, r),
      transcript('other', i, r),
      transcript('swarm', r, i),
      ...changes.map((change) => transcript('swarm', changed(i, change), r)),
      ...changes.map((change) => transcript('swarm', i, changed(r, change))),
    ].map(toHex);
    expect(new Set(all).size).toBe(all.length);
  });

  it('[HAND-3] a fingerprint is 32 bytes of hex with colons in either case', () => {
    expect(fingerprintBytes(fingerprint('Af'))).toEqual(new Uint8Array(32).fill(0xaf));
    for (const wrong of [
      '',
      fingerprint('AA').slice(3),
      fingerprint('AG'),
      `${fingerprint('AA')}:AA`,
      fingerprint('AA').replaceAll(':', ''),
    ]) {
      expect(() => fingerprintBytes(wrong)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    }
  });

  it('[HAND-2] more than 16 versions or features are refused', () => {
    const many = Array.from({ length: 17 }, (_, i) => i + 1);
    for (const part of [{ versions: many }, { features: many }])
      expect(() => decodeHello(encodeHello({ ...hello, ...part }), [1])).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('[HAND-2] the longest hello and a signature fit in 4 KiB', () => {
    const most = Array.from({ length: 16 }, () => 0xffff);
    expect(encodeHello({ ...hello, versions: most, features: most }).length + 64 + 2 * frameHeaderBytes).toBeLessThan(handshakeBytesMax);
  });
});
