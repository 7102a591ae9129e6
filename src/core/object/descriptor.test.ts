import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor, type CborMap } from '../bytes/cbor.ts';
import { toHex } from '../bytes/text.ts';
import { objectKeys } from '../crypto/keys.ts';
import { contentRoot, type Descriptor, encodeDescriptorBody, parseDescriptor, shardRoot } from './descriptor.ts';
import { geometry, maxCiphertextLength } from './geometry.ts';
import { encodeSigned, parseSigned, signingBytes } from './signed.ts';

const { objectKey } = objectKeys(new Uint8Array(32));
const signature = new Uint8Array(64);
const badInput = expect.objectContaining({ code: 'bad-input' });

/** A sound descriptor of so many bytes of ciphertext; roots are just counted up. */
function descriptorOf(k: number, m: number, ciphertextLength: number, more: Partial<Descriptor> = {}): Descriptor {
  const roots = Uint8Array.from({ length: 32 * (k + m) * geometry(k, m, ciphertextLength).segments }, (_, i) => Math.floor(i / 32));
  const content = { objectKey, version: 1, k, m, ciphertextLength, roots, ...more };
  const policy = { anchorsMin: 0, domainMax: 2 };
  return { ...content, contentRoot: contentRoot(content), createdMs: 10, leaseMs: 20, class: 0, policy, ...more };
}

describe('descriptors', () => {
  test.each([
    descriptorOf(4, 2, 5000),
    descriptorOf(1, 0, 9_000_000, { version: 2, previous: new Uint8Array(32), wrap: new Uint8Array(60) }),
  ])('[DESC-1] what is written is read back', (descriptor) => {
    const body = encodeDescriptorBody(descriptor);
    expect(parseDescriptor(encodeSigned(body, signature))).toEqual({ descriptor, body, signature });
  });

  test('[GEO-4] the longest file still has a descriptor, with everything in it at its longest', () => {
    const most = Number.MAX_SAFE_INTEGER;
    for (const [k, m] of [
      [4, 2],
      [1, 0],
      [40, 24],
      [1, 254],
    ] as const) {
      const longest = descriptorOf(k, m, maxCiphertextLength(k, m), {
        version: most,
        previous: new Uint8Array(32),
        createdMs: most,
        leaseMs: most,
        policy: { anchorsMin: most, domainMax: most },
        wrap: new Uint8Array(60),
      });
      const signed = encodeSigned(encodeDescriptorBody(longest), signature);
      expect(signed.length).toBeLessThanOrEqual(262_144);
      expect(262_144 - signed.length).toBeLessThan(32 * (k + m));
    }
  });

  test.each<readonly [string, Partial<Descriptor>]>([
    ['a previous hash in version 1', { previous: new Uint8Array(32) }],
    ['a lease that ends before it began', { leaseMs: 9 }],
    ['another contentRoot', { contentRoot: new Uint8Array(32) }],
    ['an unknown class', { class: 3 }],
    ['a key of small order', { objectKey: Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)) }],
  ])('[DESC-4] %s is not even written', (_, wrong) => {
    expect(() => encodeDescriptorBody({ ...descriptorOf(4, 2, 5000), ...wrong })).toThrow(badInput);
  });

  test('[DESC-4] a later format is too new, one longer than the bound is refused unread', () => {
    const map = new Map(decodeCbor(encodeDescriptorBody(descriptorOf(4, 2, 5000))) as CborMap).set(1, 2).set(99, 'later');
    expect(() => parseDescriptor(encodeSigned(encodeCbor(map), signature))).toThrow(expect.objectContaining({ code: 'too-new' }));
    expect(() => parseDescriptor(new Uint8Array(262_145))).toThrow(badInput);
  });

  test('[DESC-2] contentRoot covers owner, version, geometry and roots', () => {
    const base = descriptorOf(4, 2, 5000);
    const other = objectKeys(new Uint8Array(32).fill(1)).objectKey;
    const changes: Partial<Descriptor>[] = [{}, { objectKey: other }, { version: 2 }, { k: 3 }, { m: 3 }, { ciphertextLength: 5001 }];
    const roots = base.roots.slice();
    roots[0]! ^= 1;
    const found = [...changes, { roots }].map((change) => toHex(contentRoot({ ...base, ...change })));
    expect(new Set(found).size).toBe(found.length);
  });

  test('[DESC-2] shards are found by place', () => {
    const descriptor = descriptorOf(1, 1, 9_000_000);
    expect([0, 1].flatMap((segment) => [0, 1].map((shard) => shardRoot(descriptor, segment, shard)[0]))).toEqual([0, 1, 2, 3]);
    for (const [segment, shard] of [
      [0, 2],
      [2, 0],
      [-1, 0],
      [0, -1],
    ] as const) {
      expect(() => shardRoot(descriptor, segment, shard)).toThrow(RangeError);
    }
  });
});

describe('signed statements', () => {
  test('[DESC-3] label, zero byte and body are signed, and no label is the beginning of another', () => {
    expect(toHex(signingBytes('ab', Uint8Array.of(1)))).toBe('61620001');
  });

  test.each([[[]], [[new Uint8Array(1)]], [['body', signature]], [[new Uint8Array(1), new Uint8Array(63)]], ['text']])(
    '[DESC-3] %j is no signed statement',
    (value) => {
      expect(() => parseSigned(encodeCbor(value))).toThrow(badInput);
    },
  );
});
