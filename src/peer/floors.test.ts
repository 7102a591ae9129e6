import { expect, test } from 'vitest';
import { encodeCbor } from '../core/bytes/cbor.ts';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { createFloors, floorsMax } from './floors.ts';
import type { Clock } from './ports.ts';

function world() {
  const meta = memoryMetaStore();
  let nowMs = 2_000_000;
  const clock: Clock = { now: () => nowMs++, timer: () => () => {} };
  const told: string[] = [];
  /** As after a start. */
  const floors = () => createFloors({ meta, clock, log: (_, event, fields) => told.push(`${event}: ${fields?.['code'] ?? ''}`) });
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
  expect(await floors().of('a')).toBe(2);
  expect(told.toSorted()).toEqual(['version read last not read: bad-input', 'version read last not read: too-new']);
});
