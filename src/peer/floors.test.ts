import { expect, test } from 'vitest';
import { encodeCbor } from '../core/bytes/cbor.ts';
import { ShoalError } from '../core/errors.ts';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { createFloors, floorsMax } from './floors.ts';
import type { Clock, MetaStore } from './ports.ts';

function world() {
  const meta = memoryMetaStore();
  let nowMs = 2_000_000;
  const clock: Clock = { now: () => nowMs++, timer: () => () => {} };
  const told: string[] = [];
  /** As after a start. */
  const floors = (over: MetaStore = meta) =>
    createFloors({ meta: over, clock, log: (_, event, fields) => told.push(`${event}: ${fields?.['code'] ?? ''}`) });
  return { meta, told, floors };
}

test('[VER-3] the version handed over is remembered over a start, and only rises', async () => {
  const { floors } = world();
  const before = floors();
  expect(await before.of('a')).toBe(0);
  await before.raise('a', 3);
  await before.raise('a', 2);
  await before.raise('b', 1);
  const after = floors();
  expect([await after.of('a'), await after.of('b'), await after.of('c')]).toEqual([3, 1, 0]);
});

test('[VER-3] what the disk does not take is known all the same, until the next start', async () => {
  const { floors, meta, told } = world();
  const full = floors({ ...meta, put: () => Promise.reject(new ShoalError('full', 'No room left.')) });
  await full.raise('a', 3);
  expect([await full.of('a'), await floors().of('a'), told]).toEqual([3, 0, ['version read last not kept: full']]);
});

test('[VER-3] of more than 10,000 objects the oldest is forgotten', async () => {
  const { meta, floors } = world();
  expect(floorsMax).toBe(10_000);
  const format = (atMs: number) =>
    encodeCbor(
      new Map([
        [1, 1],
        [2, 1],
        [3, atMs],
      ]),
    );
  for (let i = 0; i < floorsMax; i++) await meta.put('seen', `${i}`, format(i === 77 ? 1 : 1_000_000 + i));
  const full = floors();
  await full.raise('5', 2);
  expect(await meta.keys('seen')).toHaveLength(floorsMax);
  await full.raise('new', 4);
  expect(await meta.keys('seen')).toHaveLength(floorsMax);
  expect([await floors().of('77'), await floors().of('new'), await floors().of('5')]).toEqual([0, 4, 2]);
});

test('[VER-3, FMT-1] a row of a later format, or none at all, hides no other and is said', async () => {
  const { meta, told, floors } = world();
  await floors().raise('a', 2);
  await meta.put('seen', 'later', encodeCbor(new Map([[1, 2]])));
  await meta.put('seen', 'none', new Uint8Array([255]));
  const after = floors();
  expect(await after.of('a')).toBe(2);
  await expect(after.of('later')).rejects.toMatchObject({ code: 'too-new', message: expect.stringContaining('newer version of Shoal') });
  expect(told.toSorted()).toEqual(['version read last not read: bad-input', 'version read last not read: too-new']);
});
