import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { openHome } from '../../src/platform/node/home.ts';
import { clientMetaStore } from './client-meta-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-client-'));
});
afterEach(() => rm(folder, { recursive: true }));

const told: string[] = [];
/** What each command has. */
const store = (...own: string[]) =>
  clientMetaStore({
    ...{ folder: join(folder, 'home'), crypto: nodeCrypto(), own },
    unlisted: () => told.push('unlisted'),
    log: (_, event, fields) => told.push(`${event}: ${fields?.['code'] ?? ''}`),
  });
const value = Uint8Array.of(1, 2, 3);

test('[LOCAL-2, VER-3] versions read last outlive the command, everything else of its own does not', async () => {
  expect(await store().meta.list('seen')).toEqual([]);
  const { meta } = store();
  await meta.put('seen', 'a', value);
  await meta.put('record', 'a', value);
  const [seen, records, owned] = await Promise.all((['seen', 'record', 'own'] as const).map((kind) => store().meta.list(kind)));
  expect([seen, records, owned]).toEqual([[{ key: 'a', value }], [], []]);
});

test('[LOCAL-2, VER-3] of a home that others have they are unknown, and nobody waits long', async () => {
  await store().meta.put('seen', 'a', value);
  const home = await openHome(join(folder, 'home'));
  expect(await store().meta.list('seen')).toEqual([]);
  expect(told).toEqual(['versions read last not read: busy']);
  await expect(store().meta.put('seen', 'a', value)).rejects.toMatchObject({ code: 'busy' });
  await home.release();
});

test('[LOCAL-2] a command ends when what it changed is on the disk', async () => {
  const { vault, meta, settled } = store();
  let isKept = false;
  void vault
    .seal(new Uint8Array(12), value)
    .then((sealed) => meta.put('own', 'a', sealed))
    .then(() => (isKept = true));
  await settled();
  expect(isKept).toBe(true);
  expect(await store('a', 'b').meta.list('own')).toMatchObject([{ key: 'a' }]);
});
