import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { fileOf, jobOf } from '../../peer/codec/samples.contract.ts';
import type { SealJob } from '../../peer/ports.ts';
import { codecContract } from '../codec.contract.ts';
import { nodeCodec, type NodeCodec } from './codec.ts';
import { nodeCrypto } from './crypto.ts';
import { nodeFile } from './node-file.ts';

const built = new URL('../../../dist/node/src/platform/node/', import.meta.url);
const worker = new URL('codec-worker.js', built);
const folder = mkdtempSync(join(tmpdir(), 'shoal-codec-'));
const codecs: NodeCodec[] = [];
const create = (): NodeCodec => {
  const codec = nodeCodec({ worker, threads: 2 });
  codecs.push(codec);
  return codec;
};
afterAll(async () => {
  await Promise.all(codecs.map((codec) => codec.close()));
  rmSync(folder, { recursive: true });
});

let files = 0;
const pathOf = (bytes: Uint8Array): string => {
  const path = join(folder, `${++files}.bin`);
  writeFileSync(path, bytes);
  return path;
};
const jobAt = async (path: string): Promise<SealJob> => {
  const file = await nodeFile(path);
  return { ...jobOf(file.size, 2, 1), file };
};

codecContract('worker threads', create, nodeCrypto(), (bytes) => {
  const path = pathOf(bytes);
  return { path, size: bytes.length, mtimeMs: Math.floor(statSync(path).mtimeMs) };
});

describe('codec threads of Node', () => {
  const size = 3_000_000;
  const ignore = (): void => {};

  test.each([
    ['shrank', (path: string) => truncate(path, 100)],
    ['was removed', (path: string) => rm(path)],
    ['was written again', (path: string) => writeFile(path, fileOf(size + 1))],
  ])('[SEAL-2] a file that %s after it was named is integrity, with words', async (_, change) => {
    const path = pathOf(fileOf(size));
    const sealer = await create().seal(await jobAt(path));
    await change(path);
    await expect(sealer.commit(ignore)).rejects.toMatchObject({
      name: 'shoal:integrity',
      message: expect.stringMatching(/changed or removed/),
    });
  });

  test('[SEAL-2] a file that shrank between the passes is integrity', async () => {
    const path = pathOf(fileOf(size));
    const sealer = await create().seal(await jobAt(path));
    await sealer.commit(ignore);
    await truncate(path, 1000);
    await expect(sealer.stripe(1, [0])).rejects.toMatchObject({ name: 'shoal:integrity' });
    sealer.close();
  });

  test('[SEAL-4] blocks are moved between the threads, there and back', async () => {
    const sealer = await create().seal(await jobAt(pathOf(fileOf(size))));
    await sealer.commit(ignore);
    const blocks = await sealer.stripe(0, [0, 1, 2]);
    const given = [...blocks];
    const again = await sealer.stripe(1, [0, 1, 2], blocks);
    expect(given.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0]);
    expect(again.map(({ byteLength, buffer }) => [byteLength, buffer.byteLength])).toEqual(Array(3).fill([262_144, 262_144]));
    sealer.close();
  });

  test('[SEAL-5] closing ends what is under way and what comes later as cancelled', async () => {
    const codec = create();
    const sealer = await codec.seal(await jobAt(pathOf(fileOf(8_000_000))));
    const committing = sealer.commit(ignore);
    committing.catch(ignore);
    await codec.close();
    await expect(committing).rejects.toMatchObject({ code: 'cancelled' });
    await expect(codec.seal(await jobAt(pathOf(fileOf(1))))).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('[SEAL-5] a worker that cannot start is internal', async () => {
    const codec = nodeCodec({ worker: new URL('no-such-worker.js', built), threads: 1 });
    await expect(codec.seal(await jobAt(pathOf(fileOf(1))))).rejects.toMatchObject({ code: 'internal' });
    await codec.close();
  });

  test('[SEAL-5] an open codec keeps no process alive, but its work does', async () => {
    const module = (name: string): string => JSON.stringify(new URL(name, built).href);
    const job = { ...jobOf(size, 2, 1), objectKey: undefined, readKey: undefined, salt: undefined };
    const script = `
      import { nodeCodec } from ${module('codec.js')};
      import { nodeFile } from ${module('node-file.js')};
      const file = await nodeFile(${JSON.stringify(pathOf(fileOf(size)))});
      const fill = (length) => new Uint8Array(length).fill(7);
      const sealer = await nodeCodec({ threads: 2 }).seal({ ...${JSON.stringify(job)}, file, objectKey: fill(32), readKey: fill(32), salt: fill(24) });
      const { ciphertextLength } = await sealer.commit(() => {});
      sealer.close();
      console.log(ciphertextLength > ${size});
    `;
    const path = join(folder, 'script.mjs');
    writeFileSync(path, script);
    const { stdout } = await promisify(execFile)(process.execPath, [pathToFileURL(path).pathname], { timeout: 20_000 });
    expect(stdout).toBe('true\n');
  });
});
