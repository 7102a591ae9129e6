// A peer's storage of format 1: as files of a home, and as the rows that a tab's database has of the same.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCbor } from '../../dist/node/src/core/bytes/cbor.js';
import { concatBytes } from '../../dist/node/src/core/bytes/compare.js';
import { fromHex, toHex } from '../../dist/node/src/core/bytes/text.js';
import { hkdf, sha256 } from '../../dist/node/src/core/crypto/hash.js';
import { label } from '../../dist/node/src/core/crypto/keys.js';
import { createFloors } from '../../dist/node/src/peer/floors.js';
import { createHeldObjects } from '../../dist/node/src/peer/held-objects.js';
import { createOwnFiles } from '../../dist/node/src/peer/own-files.js';
import { createTombstoneNotes } from '../../dist/node/src/peer/tombstone-notes.js';
import { seededRandom } from '../../dist/node/src/platform/memory/random.js';
import { nodeCrypto } from '../../dist/node/src/platform/node/crypto.js';
import { loadNodeIdentity } from '../../dist/node/src/platform/node/identity.js';
import { sqliteMetaStore } from '../../dist/node/src/platform/node/meta-store.js';
import { fileShardStore } from '../../dist/node/src/platform/node/shard-store.js';

const nodeSeed = new Uint8Array(32).fill(0x5e);
const vaultKey = hkdf(nodeSeed, label('shoal/vault/1'));
const crypto = nodeCrypto();
const random = seededRandom('format 1');
const capacity = 20_000_000;
const kinds = ['record', 'own', 'setting', 'score', 'held', 'seen', 'tombstone'];
/** When everything was kept, ms. */
const nowMs = 1_767_312_000_000;
const log = (...said) => process.stderr.write(`${said.join(' ')}\n`);

/**
 * Makes a home at `path` that owns files, holds the first shard of the case `one-byte` of objects.json and keeps the record of wire.json.
 * Gives what is in it.
 */
export async function makeHome(path, object, record) {
  const owner = fromHex(object.Pw);
  const bytes = fromHex(object.shards[0]);
  const place = { contentRoot: object.contentRoot, segment: 0, shard: 0 };
  const root = fromHex(object.segments[0].shards[0].root);
  const meta = { ...place, length: bytes.length, lease: object.lease, root, digests: sha256(bytes), owner };

  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'node.key'), `${toHex(nodeSeed)}\n`, { mode: 0o600 });
  const { node } = await loadNodeIdentity(join(path, 'node.key'), crypto);
  const shards = fileShardStore(join(path, 'shards'));
  await shards.start();
  await shards.setCapacity(capacity);
  const staged = await shards.stage(place, bytes.length);
  await staged.write(bytes);
  await staged.commit(meta);

  const store = await sqliteMetaStore(join(path, 'values.sqlite'));
  const own = await putOwnFiles(store, object);
  await store.put('record', record.recordKey, fromHex(record.encoded));
  await createHeldObjects({ meta: store, turned() {} }).note(object.contentRoot, { objectKey: owner, version: 1 });
  const parts = { meta: store, clock: { now: () => nowMs }, log };
  await createFloors(parts).raise(object.recordKey, 3);
  await createTombstoneNotes({ ...parts, policy: {} }).note(record.recordKey, true);
  // Kinds in which nothing is kept so far.
  await store.put('setting', 'a setting', Uint8Array.of(1));
  await store.put('score', toHex(node.publicKey), Uint8Array.of(0xa1, 1, 1));
  const values = [];
  for (const kind of kinds) for (const { key, value } of await store.list(kind)) values.push({ kind, key, value });
  store.close();

  return {
    ...{ publicKey: node.publicKey, capacity, shard: { meta, bytes }, own, values },
    record: { key: record.recordKey },
    held: { contentRoot: object.contentRoot, objectKey: owner, version: 1, goesMs: 0 },
    seen: { key: object.recordKey, version: 3, atMs: nowMs },
    tombstone: { key: record.recordKey, keptMs: nowMs, claimed: 1 },
  };
}

/** An own file in each state, and one as it was before own files had a format. Gives them, oldest first. */
async function putOwnFiles(store, object) {
  const vault = await crypto.aesGcm(vaultKey);
  const writeSeed = (i) => new Uint8Array(32).fill(i);
  const before = { writeSeed: writeSeed(9), name: 'before.txt', size: 3, addedMs: 1, state: 1 };
  const nonce = random.bytes(12);
  const plain = encodeCbor(new Map(Object.values(before).map((value, i) => [i + 1, value])));
  await store.put('own', 'before', concatBytes(nonce, await vault.seal(nonce, plain)));

  const deletion = { untilMs: object.lease, untold: [fromHex(object.recordKey)] };
  const files = [
    { id: 'begun', file: { writeSeed: writeSeed(1), name: 'begun.bin', size: 70_000, addedMs: 2, state: 0, version: 1 } },
    { id: 'stored', file: { writeSeed: writeSeed(2), name: 'Größe 📦.txt', size: 1, addedMs: 3, state: 1, version: 2 } },
    {
      id: 'replacing',
      file: {
        ...{ writeSeed: writeSeed(4), name: 'draft.txt', size: 9, addedMs: 4, state: 1, version: 1 },
        ...{ sent: 2, replacing: { name: 'final.txt', size: 10 } },
      },
    },
    { id: 'deleted', file: { writeSeed: writeSeed(3), name: 'gone', size: 5, addedMs: 5, state: 2, version: 1, deletion } },
  ];
  const list = createOwnFiles(store, vault, random, log);
  for (const { id, file } of files) await list.put(id, file);
  return [{ id: 'before', file: { ...before, version: 1 } }, ...files];
}

/**
 * The rows of a tab's database, by object store, with the same in it and another shard half staged. Its keys cannot be read out: here is
 * what both forms of the row `identity` are made of.
 */
export async function databaseOf({ publicKey, shard, values }) {
  const place = (index) => `${shard.meta.contentRoot}/0/${index}`;
  const nonce = random.bytes(12);
  const sealedSeed = await (await crypto.aesGcm(vaultKey)).seal(nonce, nodeSeed);
  return {
    meta: [
      [place(0), shard.meta],
      [place(1), { staged: 1, length: 1_000 }],
    ],
    bytes: [
      [[place(0), 0], shard.bytes],
      [[place(1), 0], new Uint8Array(500)],
    ],
    counters: Object.entries({ capacity, diskFull: 0, used: shard.meta.length, reserved: 1_000, epoch: 7 }),
    values: values.map(({ kind, key, value }) => [[kind, key], value]),
    identity: { publicKey, vaultKey, nodeSeed, nonce, sealedSeed },
  };
}
