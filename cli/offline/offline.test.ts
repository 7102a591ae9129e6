import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeCapability, narrow } from '../../src/core/crypto/capability.ts';
import { equalBytes } from '../../src/core/bytes/compare.ts';
import { content, decode, type Desk, desk, encode } from './samples.testing.ts';
import { listed } from './survey.ts';

/** Two stripes and a bit of 3 data shards. */
const size = 2_000_000;
const file = content(size);

let at: Desk;
beforeEach(async () => {
  at = await desk(file);
});
afterEach(() => at.clear());

const refused = (code: string, words: RegExp) => ({ code, message: expect.stringMatching(words) });
const flip = async (name: string, offset: number): Promise<void> => {
  const bytes = await readFile(join(at.folder, name));
  bytes[offset]! ^= 1;
  await writeFile(join(at.folder, name), bytes);
};
const decoded = async (): Promise<boolean> => equalBytes(await readFile(at.out), file);

describe('decode', () => {
  beforeEach(() => encode(at));

  test('[DISK-5] damaged and missing shards are named and left out', async () => {
    await flip('0-1.shard', 300_000);
    await rm(join(at.folder, '0-2.shard'));
    const { found } = await decode(at);
    expect(found).toMatchObject({ missing: ['0-2.shard'], damaged: ['0-1.shard'] });
    expect(await decoded()).toBe(true);
  });

  test.each([
    ['too short', () => truncate(join(at.folder, '0-0.shard'), 1000)],
    ['too long', () => writeFile(join(at.folder, '0-0.shard'), 'more', { flag: 'a' })],
    ['no file', () => rm(join(at.folder, '0-0.shard')).then(() => mkdir(join(at.folder, '0-0.shard')))],
    ['a pipe', () => rm(join(at.folder, '0-0.shard')).then(() => void execFileSync('mkfifo', [join(at.folder, '0-0.shard')]))],
    ['another one', () => readFile(join(at.folder, '0-1.shard')).then((bytes) => writeFile(join(at.folder, '0-0.shard'), bytes))],
  ])('[DISK-5] a shard that is %s is damaged', async (_, damage) => {
    await damage();
    const { found } = await decode(at);
    expect(found).toMatchObject({ missing: [], damaged: ['0-0.shard'] });
    expect(await decoded()).toBe(true);
  });

  test('[DISK-5] fewer than k shards are not-enough-shards, and nothing is written', async () => {
    for (const shard of [0, 2, 4]) await rm(join(at.folder, `0-${shard}.shard`));
    await expect(decode(at)).rejects.toMatchObject(
      refused('not-enough-shards', /has 2 sound shards and needs any 3.*0-0.shard, 0-2.shard, 0-4.shard/),
    );
    expect((await readdir(at.root)).toSorted()).toEqual(['file', 'object', 'object.cap']);
  });

  test('[DISK-5] where damage leaves too few it is integrity', async () => {
    await rm(join(at.folder, '0-0.shard'));
    for (const shard of [1, 2]) await flip(`0-${shard}.shard`, 0);
    await expect(decode(at)).rejects.toMatchObject(refused('integrity', /0-1.shard, 0-2.shard/));
  });

  test('[DISK-3] a damaged descriptor is integrity, none is not-found', async () => {
    const path = join(at.folder, 'descriptor.cbor');
    const { length } = await readFile(path);
    for (const offset of [0, 40, length - 1]) {
      await flip('descriptor.cbor', offset);
      await expect(decode(at)).rejects.toMatchObject(refused('integrity', /descriptor.cbor/));
      await flip('descriptor.cbor', offset);
    }
    await writeFile(path, new Uint8Array(300_000));
    await expect(decode(at)).rejects.toMatchObject(refused('integrity', /descriptor.cbor/));
    await rm(path);
    await expect(decode(at)).rejects.toMatchObject(refused('not-found', /descriptor.cbor/));
  });

  test('[DISK-3] the capability of another object, or one that only verifies, is auth', async () => {
    const other = { right: 'write', writeSeed: new Uint8Array(32).fill(9) } as const;
    await expect(decode(at, encodeCapability(other))).rejects.toMatchObject(refused('auth', /another file/));
    const own = narrow({ right: 'write', writeSeed: new Uint8Array(32).fill(1) }, 'verify');
    await expect(decode(at, encodeCapability(own))).rejects.toMatchObject(refused('auth', /only lets the file be verified/));
  });

  test('[DISK-6] an interrupted one is cancelled and leaves nothing', async () => {
    await expect(decode(at, undefined, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect((await readdir(at.root)).toSorted()).toEqual(['file', 'object', 'object.cap']);
  });
});

test('[DISK-5] of many shards a sentence names some', () => {
  const names = Array.from({ length: 10 }, (_, i) => `0-${i}.shard`);
  expect(listed(names)).toBe('0-0.shard, 0-1.shard, 0-2.shard, 0-3.shard, 0-4.shard, 0-5.shard, 0-6.shard, 0-7.shard and 2 more');
  expect(listed(names.slice(8))).toBe('0-8.shard, 0-9.shard');
});

describe('encode', () => {
  const nothingLeft = async (...others: string[]): Promise<void> => {
    expect((await readdir(at.root)).toSorted()).toEqual(['file', ...others].toSorted());
  };

  test('[DISK-4] neither writes into a folder with something in it nor over a capability', async () => {
    await writeFile(at.capability, 'mine');
    await expect(encode(at)).rejects.toMatchObject(refused('bad-input', /object.cap: it exists already/));
    expect(await readFile(at.capability, 'utf8')).toBe('mine');
    await nothingLeft('object.cap');
    await rm(at.capability);
    await mkdir(at.folder);
    await writeFile(join(at.folder, 'mine'), '');
    await expect(encode(at)).rejects.toMatchObject(refused('bad-input', /not empty/));
    expect(await readdir(at.folder)).toEqual(['mine']);
    await nothingLeft('object');
  });

  test('[DISK-4] an empty folder is used, and stays when it fails', async () => {
    await mkdir(at.folder);
    await expect(encode(at, {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    await nothingLeft('object');
    await encode(at);
    expect((await readdir(at.folder)).length).toBe(6);
  });

  test('[DISK-4] keeps the capability apart from the folder', async () => {
    for (const within of [at.folder, join(at.folder, 'cap'), join(at.folder, '..', 'object', '.cap')])
      await expect(encode(at, { capabilityFile: within })).rejects.toMatchObject(refused('bad-input', /apart from the folder/));
    await encode(at, { capabilityFile: join(at.root, '..object.cap') });
  });

  test('[DISK-4] without the folder around it is not-found, below a file bad-input', async () => {
    await expect(encode(at, { folder: join(at.root, 'no', 'object') })).rejects.toMatchObject(refused('not-found', /is not there/));
    await expect(encode(at, { folder: join(at.file, 'object') })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(encode(at, { capabilityFile: join(at.root, 'no', 'cap') })).rejects.toMatchObject({ code: 'not-found' });
    await nothingLeft();
  });

  test.each(['sealing', 'writing'])('[DISK-6] interrupted while %s it is cancelled and leaves nothing', async (when) => {
    const controller = new AbortController();
    const progress = (pass: string): void => {
      if (pass === when) controller.abort();
    };
    await expect(encode(at, {}, controller.signal, progress)).rejects.toMatchObject({ code: 'cancelled' });
    await nothingLeft();
  });

  test('[DISK-6] a file that changes meanwhile is integrity and leaves nothing', async () => {
    const progress = (pass: string): void => {
      if (pass === 'writing') truncateSync(at.file, 10);
    };
    await expect(encode(at, {}, undefined, progress)).rejects.toMatchObject({ code: 'integrity' });
    await nothingLeft();
  });

  test('[DISK-4] a shape that no code has is bad-input', async () => {
    await expect(encode(at, { k: 0 })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(encode(at, { k: 200, m: 56 })).rejects.toMatchObject({ code: 'bad-input' });
    await nothingLeft();
  });

  test('[DISK-6] a link in place of the capability is not followed', async () => {
    await symlink(join(at.root, 'elsewhere'), at.capability);
    await expect(encode(at)).rejects.toMatchObject({ code: 'bad-input' });
    await nothingLeft('object.cap');
  });
});
