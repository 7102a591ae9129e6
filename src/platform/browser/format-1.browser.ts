import { afterEach, beforeEach, expect, test } from 'vitest';
import databaseJson from '../../../test/vectors/format-1/database.json';
import homeJson from '../../../test/vectors/format-1/home.json';
import { revived } from '../../../test/vectors/revived.ts';
import { createOwnFiles } from '../../peer/own-files.ts';
import type { MetaKind, ShardMeta } from '../../peer/ports.ts';
import { nobleCrypto } from '../memory/crypto.ts';
import { wallClock } from '../wall-clock.ts';
import type { Database, IdentityRow, StagedRow } from './database.ts';
import { loadIdentity, type KeyEngine } from './identity.ts';
import { browserMetaStore } from './meta-store.ts';
import { testProfile, type TestProfile } from './profiles.contract.ts';
import { browserShardStore } from './shard-store.ts';

/** The rows of each object store, and what both forms of the row of keys are made of. */
interface Rows {
  readonly meta: readonly (readonly [string, ShardMeta | StagedRow])[];
  readonly bytes: readonly (readonly [[string, number], Uint8Array])[];
  readonly counters: readonly (readonly ['capacity' | 'used' | 'reserved' | 'diskFull' | 'epoch', number])[];
  readonly values: readonly (readonly [[MetaKind, string], Uint8Array])[];
  readonly identity: { readonly [name in 'publicKey' | 'vaultKey' | 'nodeSeed' | 'nonce' | 'sealedSeed']: Uint8Array<ArrayBuffer> };
}

const rows = revived<Rows>(databaseJson);
const home = revived<{
  readonly capacity: number;
  readonly shard: { readonly meta: ShardMeta; readonly bytes: Uint8Array };
  readonly own: readonly unknown[];
}>(homeJson);
const engine: KeyEngine = {
  subtle: crypto.subtle,
  random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  crypto: nobleCrypto(),
};

let profile: TestProfile;
beforeEach(() => {
  profile = testProfile();
});
afterEach(() => profile.dispose());

/** Lays the rows into a database past our stores, and opens it as a start does. */
async function opened(identity: IdentityRow): Promise<{ database: Database; epoch: number }> {
  const { database } = await profile.restart();
  const tx = database.connection.transaction(['meta', 'bytes', 'counters', 'values', 'keys'], 'readwrite');
  for (const [key, row] of rows.meta) void tx.objectStore('meta').put(row, key);
  for (const [key, block] of rows.bytes) void tx.objectStore('bytes').put(block.slice().buffer, key);
  for (const [key, count] of rows.counters) void tx.objectStore('counters').put(count, key);
  for (const [key, value] of rows.values) void tx.objectStore('values').put(value, key);
  void tx.objectStore('keys').put(identity, 'identity');
  await tx.done;
  return profile.restart();
}

async function identityRow(native: boolean): Promise<IdentityRow> {
  const { publicKey, vaultKey, nodeSeed, nonce, sealedSeed } = rows.identity;
  const vault = await crypto.subtle.importKey('raw', vaultKey, 'AES-GCM', false, ['encrypt', 'decrypt']);
  if (!native) return { publicKey, vault, node: { nonce, sealedSeed } };
  // RFC 8410: what comes before the seed in the PKCS #8 form of an Ed25519 key.
  const pkcs8 = new Uint8Array([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20, ...nodeSeed]);
  return { publicKey, vault, node: { privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']) } };
}

test('[FMT-2] format-1/database.json: the shard, what is lent, and the next epoch; what was staged goes', async () => {
  const { database, epoch } = await opened(await identityRow(true));
  expect(epoch).toBe(8);
  const { meta, bytes } = home.shard;
  const store = browserShardStore({ database, epoch, clock: wallClock });
  await store.start();
  expect(store.usage()).toMatchObject({ capacity: home.capacity, used: bytes.length, reserved: 0, diskFull: false });
  expect(await store.list()).toEqual([{ contentRoot: meta.contentRoot, segment: meta.segment, shard: meta.shard }]);
  expect(await store.meta(meta)).toEqual(meta);
  expect(await store.read(meta, 0, bytes.length)).toEqual(bytes);
});

test.each([
  ['in the engine', true],
  ['sealed', false],
])('[FMT-2, IDENT-4] format-1/database.json: keys %s sign, and open the list of own files', async (_, native) => {
  const opening = await opened(await identityRow(native));
  const { node, vault } = await loadIdentity(opening.database, opening.epoch, engine);
  const message = Uint8Array.of(1, 2, 3);
  expect(await engine.crypto.verify(rows.identity.publicKey, message, await node.sign(message))).toBe(true);

  const store = browserMetaStore(opening);
  const log = (...said: unknown[]) => expect.fail(said.join(' '));
  expect(await createOwnFiles(store, vault, engine.random, log).list()).toEqual(home.own);
  for (const [[kind, key], value] of rows.values) expect(await store.get(kind, key)).toEqual(value);
});
