import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nobleCrypto } from '../memory/crypto.ts';
import type { Random } from '../../peer/ports.ts';
import { loadIdentity, type KeyEngine } from './identity.ts';
import { testProfile, type TestProfile } from './profiles.contract.ts';

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };
const message = Uint8Array.of(1, 2, 3);

/** This engine, and one like it that has no Ed25519. */
const engines: Record<string, KeyEngine> = {
  'native Ed25519': { subtle: crypto.subtle, random, crypto: nobleCrypto() },
  'no Ed25519': { subtle: withoutEd25519(crypto.subtle), random, crypto: nobleCrypto() },
};

describe.each(Object.entries(engines))('identity: %s', (_name, engine) => {
  let profile: TestProfile;
  const load = async () => {
    const { database, epoch } = await profile.restart();
    return { database, identity: await loadIdentity(database, epoch, engine) };
  };
  beforeEach(() => {
    profile = testProfile();
  });
  afterEach(() => profile.dispose());

  test('[IDENT-1] a profile has one identity: the same after a restart, another in another profile', async () => {
    const first = (await load()).identity.node.publicKey;
    expect(first).toHaveLength(32);
    expect((await load()).identity.node.publicKey).toEqual(first);
    const other = testProfile();
    const { database, epoch } = await other.restart();
    expect((await loadIdentity(database, epoch, engine)).node.publicKey).not.toEqual(first);
    await other.dispose();
  });

  test('[IDENT-2] the node key signs by the one signature rule, before and after a restart', async () => {
    for (const { identity } of [await load(), await load()]) {
      const signature = await identity.node.sign(message);
      expect(await nobleCrypto().verify(identity.node.publicKey, message, signature)).toBe(true);
      expect(await nobleCrypto().verify(identity.node.publicKey, Uint8Array.of(9), signature)).toBe(false);
    }
  });

  test('[IDENT-3] what the vault sealed it opens after a restart; anything altered it does not', async () => {
    const nonce = random.bytes(12);
    const sealed = await (await load()).identity.vault.seal(nonce, message);
    const { vault } = (await load()).identity;
    expect(sealed).toHaveLength(message.length + 16);
    expect(await vault.open(nonce, sealed)).toEqual(message);
    sealed[0]! ^= 1;
    expect(await vault.open(nonce, sealed)).toBeUndefined();
    expect(await vault.open(nonce, new Uint8Array(3))).toBeUndefined();
  });

  test('[IDENT-4] no key at rest can be read out', async () => {
    const { database, identity } = await load();
    const row = (await database.connection.get('keys', 'identity'))!;
    const keys = 'privateKey' in row.node ? [row.vault, row.node.privateKey] : [row.vault];
    for (const key of keys) expect(key.extractable).toBe(false);
    expect(row.publicKey).toEqual(identity.node.publicKey);
    if ('sealedSeed' in row.node) {
      const seed = (await identity.vault.open(row.node.nonce, row.node.sealedSeed))!;
      expect((await nobleCrypto().signer(seed)).publicKey).toEqual(identity.node.publicKey);
    }
  });
});

function withoutEd25519(subtle: SubtleCrypto): SubtleCrypto {
  return new Proxy(subtle, {
    get(target, property: keyof SubtleCrypto) {
      if (property !== 'generateKey') return target[property].bind(target);
      return (algorithm: AesKeyGenParams, ...rest: [boolean, KeyUsage[]]) =>
        algorithm.name === 'Ed25519'
          ? Promise.reject(new DOMException('unknown algorithm', 'NotSupportedError'))
          : target.generateKey(algorithm, ...rest);
    },
  });
}
