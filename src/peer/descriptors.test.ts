import { expect, test } from 'vitest';
import { linkedPair } from '../../test/links-world.ts';
import { contentRoot, encodeDescriptorBody, descriptorLabel, draftLabel } from '../core/object/descriptor.ts';
import { geometry, maxCiphertextLength } from '../core/object/geometry.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { createDescriptors } from './descriptors.ts';
import { verifyDescriptor } from './verify.ts';

const crypto = nobleCrypto();

/** The longest descriptor that there is, different for each version. */
async function descriptorOf(version: number, label = descriptorLabel) {
  const owner = await crypto.signer(new Uint8Array(32));
  const [k, m] = [4, 2];
  const ciphertextLength = maxCiphertextLength(k, m);
  const roots = new Uint8Array(32 * (k + m) * geometry(k, m, ciphertextLength).segments);
  const content = { objectKey: owner.publicKey, version, k, m, ciphertextLength, roots };
  const root = contentRoot(content);
  const previous = version === 1 ? undefined : new Uint8Array(32);
  const rest = { createdMs: 0, leaseMs: 0, class: 0, policy: { anchorsMin: 0, domainMax: 1 }, previous, wrap: undefined };
  const body = encodeDescriptorBody({ ...content, ...rest, contentRoot: root });
  return { root, signed: encodeSigned(body, await owner.sign(signingBytes(label, body))) };
}

test('[HOLD-1] of one link 4 MiB of descriptors are remembered, the newest; one that was forgotten has to come again', async () => {
  const { fromA: session, fromB: other } = await linkedPair();
  const descriptors = createDescriptors(crypto);
  const all = await Promise.all(Array.from({ length: 17 }, (_, i) => descriptorOf(i + 1)));
  const most = Math.floor((4 * 1024 * 1024) / all[1]!.signed.length);
  expect(most).toBeLessThan(17);
  for (const { signed } of all) await descriptors.admit(session, signed);
  for (const [i, { root, signed }] of all.entries()) {
    const found = descriptors.find(session, root);
    if (i < 17 - most) await expect(found).rejects.toMatchObject({ code: 'not-found' });
    else expect((await found).signed).toBe(signed);
  }
  await expect(descriptors.find(other, all[16]!.root)).rejects.toMatchObject({ code: 'not-found' });
});

test('[VER-6] a later version may come as a draft, a first one may not; and to nobody else is a draft a descriptor', async () => {
  const { fromA: session } = await linkedPair();
  const descriptors = createDescriptors(crypto);
  const [draft, version, first] = [await descriptorOf(2, draftLabel), await descriptorOf(3), await descriptorOf(1, draftLabel)];
  expect(await descriptors.admit(session, draft.signed)).toMatchObject({ isDraft: true });
  expect(await descriptors.admit(session, version.signed)).toMatchObject({ isDraft: false });
  await expect(descriptors.admit(session, first.signed)).rejects.toMatchObject({ code: 'auth' });
  await expect(verifyDescriptor(crypto, draft.signed)).rejects.toMatchObject({ code: 'auth' });
});
