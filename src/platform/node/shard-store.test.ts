import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toHex } from '../../core/bytes/text.ts';
import { blockBytes } from '../../core/object/geometry.ts';
import type { Place, ShardStore } from '../../peer/ports.ts';
import { expectBytes, hold, placeA, placeB, placeC, sampleBytes, sampleMeta, writeAll } from '../shard-samples.contract.ts';
import { shardStoreContract, type ShardStorage } from '../shard-store.contract.ts';
import { shardStoreLaw } from '../shard-store-law.contract.ts';
import { decodeHeader, encodeHeader, fileNameOf, headerBytesOf } from './shard-file.ts';
import { fileShardStore } from './shard-store.ts';

const create = async (): Promise<ShardStorage> => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-shards-'));
  return { open: async () => fileShardStore(folder), dispose: () => rm(folder, { recursive: true }) };
};

shardStoreContract('files', create);
shardStoreLaw('files', create, 20);

describe('shard store: files alone', () => {
  let folder: string;
  let store: ShardStore;
  const warnings: string[] = [];
  const start = async (): Promise<void> => {
    store = fileShardStore(folder, (_level, event) => warnings.push(event));
    await store.start();
  };
  const pathOf = (place: Place, length: number): string => join(folder, fileNameOf({ place, length }));
  const files = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true })).filter((name) => /\.(shard|staged)/.test(name)).map((name) => name.slice(-20));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shoal-shards-'));
    warnings.length = 0;
    await start();
    await store.setCapacity(50_000_000);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('[FILE-2] a shard is one file: a header that says all about it, then its bytes', async () => {
    await hold(store, placeA, sampleBytes(70_000));
    const path = pathOf(placeA, 70_000);
    expect(path.slice(folder.length)).toBe(`/61/${'aa'.repeat(32)}.0.0.70000.shard-1`);
    const bytes = new Uint8Array(await readFile(path));
    expect(bytes.length).toBe(headerBytesOf(70_000) + 70_000);
    expect(decodeHeader(bytes)).toEqual(sampleMeta(placeA, 70_000));
    expectBytes(bytes.subarray(headerBytesOf(70_000)), sampleBytes(70_000));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('[FILE-2] the header of a known shard', () => {
    const header = encodeHeader(sampleMeta({ ...placeA, segment: 258, shard: 3 }, 70_000));
    expect(header.length).toBe(224);
    expect(toHex(header.subarray(0, 12))).toBe('53484f414c53484400000001');
    expect(toHex(header.subarray(44, 64))).toBe('0000010200000003000111700000' + '01a3185c5000');
    expect(createHash('sha256').update(header).digest('hex')).toBe('90c6b6a709f34d0c25caad59ef071cb722787deffe929099f5e20fd2be7b37cd');
  });

  test('[FILE-3] a start counts what the names say and touches nothing that is not a shard', async () => {
    await hold(store, placeA, sampleBytes(1_000));
    const foreign = ['notes.txt', 'zz/a', '61/notes.txt', `61/${'aa'.repeat(32)}.00.0.5.shard-1`, `00/${'aa'.repeat(32)}.0.0.7.shard-1`];
    for (const name of foreign) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), 'mine');
    }
    await start();
    expect(await store.list()).toEqual([placeA]);
    expect(store.usage().used).toBe(1_000);
    for (const name of foreign) expect(await readFile(join(folder, name), 'utf8'), name).toBe('mine');
  });

  test('[FILE-3] a shard of a later format stops the start with words, and stays', async () => {
    await hold(store, placeA, sampleBytes(1_000));
    const later = pathOf(placeA, 1_000).replace(/1$/, '2');
    await rename(pathOf(placeA, 1_000), later);
    await expect(start()).rejects.toMatchObject({ code: 'too-new', message: expect.stringContaining('newer Shoal') });
    await stat(later);
  });

  test('[FILE-3] of two files of one place one is a shard, the other is set aside', async () => {
    await hold(store, placeA, sampleBytes(1_000));
    await writeFile(pathOf(placeA, 999), 'a copy');
    await start();
    expect(await store.list()).toEqual([placeA]);
    expect(await readdir(join(folder, 'set-aside'))).toHaveLength(1);
  });

  test.each<[string, (path: string) => Promise<void>]>([
    ['cut short', (path) => truncate(path, 70_000)],
    ['grown', (path) => truncate(path, 80_000)],
    ['empty', (path) => truncate(path, 0)],
    ['gone', (path) => rm(path)],
    ['that of another shard', (path) => copyFile(pathOf(placeB, 70_000), path)],
    ['with a changed header', async (path) => writeFile(path, (await readFile(path)).fill(1, 100, 101))],
    ['with a changed digest', async (path) => writeFile(path, (await readFile(path)).fill(1, 140, 141))],
  ])('[FILE-4] a shard whose file is %s is held no more, and what is left of it set aside', async (_what, damage) => {
    await hold(store, placeA, sampleBytes(70_000));
    await hold(store, placeB, sampleBytes(70_000));
    await damage(pathOf(placeA, 70_000));
    expect(await store.meta(placeA)).toBeUndefined();
    expect(await store.read(placeA, 0, 1)).toBeUndefined();
    expect(await store.list()).not.toContainEqual(placeA);
    expect(store.usage().used).toBe(70_000);
    expect(warnings).toEqual(['damaged shard set aside']);
    await hold(store, placeA, sampleBytes(10));
    expectBytes(await store.read(placeA, 0, 10), sampleBytes(10));
  });

  test('[FILE-4] a shard that lost its end reads as undefined there, and as before elsewhere', async () => {
    await hold(store, placeA, sampleBytes(2 * blockBytes));
    await truncate(pathOf(placeA, 2 * blockBytes), headerBytesOf(2 * blockBytes) + blockBytes);
    expect(await store.read(placeA, blockBytes - 1, 2)).toBeUndefined();
    expectBytes(await store.read(placeA, 0, blockBytes), sampleBytes(2 * blockBytes).slice(0, blockBytes));
  });

  test('[STORE-5, STORE-6, STORE-11] no file outlives its shard', async () => {
    const staged = await store.stage(placeA, 300_000);
    await writeAll(staged, sampleBytes(300_000));
    await hold(store, placeB, sampleBytes(10));
    expect(await files()).toHaveLength(2);
    await staged.discard();
    expect(await files()).toHaveLength(1);
    await store.delete(placeB);
    expect(await files()).toEqual([]);
    await writeAll(await store.stage(placeC, 300_000), sampleBytes(300_000));
    await start();
    expect(await files()).toEqual([]);
  });

  test('[FILE-6] a damaged or newer file of the capacity stops the start with words', async () => {
    await writeFile(join(folder, 'capacity'), 'x');
    await expect(start()).rejects.toMatchObject({ code: 'integrity', message: expect.stringContaining('set the capacity again') });
    // {1: 2, 2: 0, 3: 0}
    await writeFile(join(folder, 'capacity'), Uint8Array.of(0xa3, 1, 2, 2, 0, 3, 0));
    await expect(start()).rejects.toMatchObject({ code: 'too-new' });
  });
});

/** A file system of `bytes`, or why there is none: only root may mount. */
function smallDisk(folder: string, bytes: number): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('[STORE-19] when the disk has no more space: full, nothing half-written, and what is used is the capacity from then on', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-small-'));
  const missing = smallDisk(folder, 2 * 1024 * 1024);
  context.skip(missing !== undefined, `no small disk can be mounted here: ${missing}`);
  try {
    const store = fileShardStore(join(folder, 'shards'));
    await store.start();
    await store.setCapacity(50_000_000);
    await hold(store, placeA, sampleBytes(1_000));

    const bytes = sampleBytes(20 * blockBytes);
    const staged = await store.stage(placeB, bytes.length);
    await expect(writeAll(staged, bytes)).rejects.toMatchObject({ code: 'full', message: 'This peer has no more disk space.' });
    await expect(staged.commit(sampleMeta(placeB, bytes.length))).rejects.toMatchObject({ code: 'full' });
    await staged.discard();
    expect(store.usage()).toEqual({ capacity: 1_000, headroom: 100, used: 1_000, reserved: 0, diskFull: true });
    await expect(store.stage(placeB, 1)).rejects.toMatchObject({ code: 'full' });
    expectBytes(await store.read(placeA, 0, 1_000), sampleBytes(1_000));

    const again = fileShardStore(join(folder, 'shards'));
    await again.start();
    expect(again.usage()).toMatchObject({ used: 1_000, reserved: 0 });
    await again.setCapacity(50_000_000);
    expect(again.usage()).toMatchObject({ capacity: 50_000_000, diskFull: false });
    await hold(again, placeC, sampleBytes(blockBytes));
  } finally {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  }
});
