import { expect, test } from 'vitest';
import { type CborValue, encodeCbor } from '../core/bytes/cbor.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { createOwnFiles, type OwnFile, ownStates } from './own-files.ts';

const writeSeed = new Uint8Array(32).fill(1);

async function world() {
  const vault = await nobleCrypto().aesGcm(new Uint8Array(32));
  const meta = memoryMetaStore();
  const told: string[] = [];
  const files = createOwnFiles(meta, vault, seededRandom('own'), (_, event, fields) => told.push(`${event}: ${fields?.['code'] ?? ''}`));
  const nonce = new Uint8Array(12);
  /** Puts a row as another version of Shoal wrote it. */
  const put = async (id: string, ...fields: (readonly [number, CborValue])[]) =>
    meta.put('own', id, concatBytes(nonce, await vault.seal(nonce, encodeCbor(new Map(fields)))));
  return { files, told, put };
}

test('[OWN-1] an own file reads back, oldest first, with its state and version', async () => {
  const { files } = await world();
  const file: OwnFile = { writeSeed, name: 'é.bin', size: 5, addedMs: 9, state: ownStates.deleted, version: 3 };
  await files.put('b', file);
  await files.put('a', { ...file, addedMs: 8 });
  expect(await files.list()).toEqual([
    { id: 'a', file: { ...file, addedMs: 8 } },
    { id: 'b', file },
  ]);
});

test('[OWN-1, FMT-1] the form before formats is read too; one of a later format is left alone and said, and hides no other', async () => {
  const { files, told, put } = await world();
  await put('old', [1, writeSeed], [2, 'old'], [3, 7], [4, 1], [5, 1]);
  await put('begun', [1, writeSeed], [2, 'begun'], [3, 7], [4, 2], [5, 0]);
  await put('new', [1, 2], [99, 'who knows']);
  const before = { writeSeed, size: 7, version: 1 };
  expect(await files.list()).toEqual([
    { id: 'old', file: { ...before, name: 'old', addedMs: 1, state: ownStates.stored } },
    { id: 'begun', file: { ...before, name: 'begun', addedMs: 2, state: ownStates.begun } },
  ]);
  expect(told).toEqual(['own file not read: too-new']);
});

test('[LOCAL-2] a peer for one command notes what it stores once that is stored, and what is deleted', async () => {
  const meta = memoryMetaStore();
  const files = createOwnFiles(meta, await nobleCrypto().aesGcm(new Uint8Array(32)), seededRandom('brief'), () => {}, true);
  const file: OwnFile = { writeSeed, name: 'a', size: 5, addedMs: 9, state: ownStates.begun, version: 1 };
  await files.put('a', file);
  expect(await files.list()).toEqual([]);
  await files.put('a', { ...file, state: ownStates.stored });
  await files.put('b', { ...file, state: ownStates.deleted });
  expect((await files.list()).map(({ id }) => id)).toEqual(['a', 'b']);
});
