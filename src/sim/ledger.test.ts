import { expect, test } from 'vitest';
import { descriptorLabel, draftLabel, encodeDescriptorBody } from '../core/object/descriptor.ts';
import { signingBytes } from '../core/object/signed.ts';
import { inProcessCodec } from '../platform/memory/codec.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { createLedger } from './ledger.ts';
import { sealObject } from './sealed-object.ts';

test('[SIM-9] what was sealed is a version once its owner signed it as one, not while it is a draft', async () => {
  const ledger = createLedger();
  const crypto = nodeCrypto();
  // Sealed in sight of the ledger, and signed out of it.
  const { owner, descriptor, bytes, writeSeed } = await sealObject(crypto, {
    seed: 'a',
    nowMs: 0,
    codec: ledger.sealing('owner', inProcessCodec(crypto)),
  });
  const another = await sealObject(crypto, { seed: 'b', nowMs: 0, writeSeed, codec: ledger.sealing('owner', inProcessCodec(crypto)) });
  const versions = () => ledger.object(owner.publicKey)?.versions;
  expect(ledger.object(owner.publicKey)).toMatchObject({ owner: 'owner', versions: [] });
  const noted = await ledger.signing({ ...crypto, signer: async () => owner }, () => {}).signer(writeSeed);
  const sign = (label: string) => noted.sign(signingBytes(label, encodeDescriptorBody(descriptor)));
  await sign(draftLabel);
  expect(versions()).toEqual([]);
  await sign(descriptorLabel);
  await sign(descriptorLabel);
  expect(versions()).toEqual([{ version: 1, bytes }]);
  expect(another.bytes).not.toEqual(bytes);
});
