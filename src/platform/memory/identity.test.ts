import { expect, test } from 'vitest';
import { nobleCrypto } from './crypto.ts';
import { memoryIdentity } from './identity.ts';
import { seededRandom } from './random.ts';

const message = Uint8Array.of(1, 2, 3);
const load = (seed: string) => memoryIdentity(seededRandom(seed), nobleCrypto());

test('[IDENT-1] one seed gives one identity, another seed another', async () => {
  const { node } = await load('a');
  expect(node.publicKey).toHaveLength(32);
  expect((await load('a')).node.publicKey).toEqual(node.publicKey);
  expect((await load('b')).node.publicKey).not.toEqual(node.publicKey);
});

test('[IDENT-2] the node key signs by the one signature rule', async () => {
  const { node } = await load('a');
  expect(await nobleCrypto().verify(node.publicKey, message, await node.sign(message))).toBe(true);
});

test('[IDENT-3] the vault opens what it sealed, and nothing altered', async () => {
  const { vault } = await load('a');
  const nonce = new Uint8Array(12);
  const sealed = await vault.seal(nonce, message);
  expect(await vault.open(nonce, sealed)).toEqual(message);
  sealed[0]! ^= 1;
  expect(await vault.open(nonce, sealed)).toBeUndefined();
});
