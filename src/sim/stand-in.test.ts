import { expect, test } from 'vitest';
import { concatBytes } from '../core/bytes/compare.ts';
import { toUtf8 } from '../core/bytes/text.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { standInSignatures } from './stand-in.ts';

const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes[at]! ^ 1);
const message = toUtf8('what is said');

test('[SIM-11] a stand-in signature is for its message and key alone, and its public key is a real one', async () => {
  const crypto = standInSignatures(nodeCrypto());
  const [one, two] = [await crypto.signer(seededRandom(1).bytes(32)), await crypto.signer(seededRandom(2).bytes(32))];
  const signature = await one.sign(message);
  expect(signature).toHaveLength(64);
  expect(one.publicKey).toEqual((await nodeCrypto().signer(seededRandom(1).bytes(32))).publicKey);
  expect(await crypto.verify(one.publicKey, message, signature)).toBe(true);
  expect(await crypto.verify(two.publicKey, message, signature)).toBe(false);
  expect(await crypto.verify(one.publicKey, flipped(message, 0), signature)).toBe(false);
  for (const at of [0, 31, 32, 63]) {
    expect(await crypto.verify(one.publicKey, message, flipped(signature, at))).toBe(false);
    expect(await crypto.verify(flipped(one.publicKey, at % 32), message, signature)).toBe(false);
  }
  for (const wrong of [new Uint8Array(), signature.subarray(1)]) expect(await crypto.verify(one.publicKey, message, wrong)).toBe(false);
});

test('[SIM-11] without the secret nobody makes one: not of what is public, not of other signatures, not with a secret of their own', async () => {
  const engine = nodeCrypto();
  const crypto = standInSignatures(engine);
  const victim = await crypto.signer(seededRandom('victim').bytes(32));
  const forger = await crypto.signer(seededRandom('forger').bytes(32));
  const known = await victim.sign(toUtf8('another thing'));
  for (const guess of [victim.publicKey, known, known.subarray(0, 32), new Uint8Array(32)]) {
    const half = await engine.sha256(concatBytes(guess, message));
    expect(await crypto.verify(victim.publicKey, message, concatBytes(half, half))).toBe(false);
  }
  expect(await crypto.verify(victim.publicKey, message, await forger.sign(message))).toBe(false);
});

test('[SIM-11] another swarm’s table knows nothing of it', async () => {
  const seed = seededRandom('same').bytes(32);
  const signer = await standInSignatures(nodeCrypto()).signer(seed);
  expect(await standInSignatures(nodeCrypto()).verify(signer.publicKey, message, await signer.sign(message))).toBe(false);
});
