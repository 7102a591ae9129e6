import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileGate, type FileGate } from './file-gate.ts';
import { stageFile } from './staged-file.ts';

/** A folder, and a gate that counts what goes through it. */
async function staging() {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-staged-'));
  const gate = fileGate(8);
  let operations = 0;
  const counting: FileGate = (work) => {
    operations++;
    return gate(work);
  };
  return { folder, counting, operations: () => operations };
}

test('[FILE-5] bytes that come while others are being written share one flush, in their order', async () => {
  const { folder, counting, operations } = await staging();
  const file = await stageFile(join(folder, 'a.shard-1'), 4, counting);
  const before = operations();
  await Promise.all([1, 2, 3, 4, 5].map((n) => file.append(Uint8Array.of(n))));
  expect(operations() - before).toBe(2);
  expect((await readdir(folder))[0]).toMatch(/\.staged$/);
  await file.publish(Uint8Array.of(9, 9, 9, 9));
  expect(await readdir(folder)).toEqual(['a.shard-1']);
  expect([...(await readFile(join(folder, 'a.shard-1')))]).toEqual([9, 9, 9, 9, 1, 2, 3, 4, 5]);
  await rm(folder, { recursive: true });
});

test('[FILE-5] after a write that failed no later one succeeds, and the file can only be removed', async () => {
  const { folder, counting } = await staging();
  let isBroken = false;
  const file = await stageFile(join(folder, 'a.shard-1'), 4, (work) => (isBroken ? Promise.reject(new Error('EIO')) : counting(work)));
  isBroken = true;
  const outcomes = await Promise.allSettled([1, 2, 3].map((n) => file.append(Uint8Array.of(n))));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  isBroken = false;
  await expect(file.append(Uint8Array.of(4))).rejects.toThrow('EIO');
  await expect(file.publish(new Uint8Array(4))).rejects.toThrow('EIO');
  await file.remove();
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
