import { expect, test } from 'vitest';
import { ShoalError } from '../../core/errors.ts';
import type { Clock } from '../../peer/ports.ts';
import { blockWriter, type Block } from './block-writer.ts';

/** A clock whose one timer rings when told to. */
function handClock(): Clock & { ring(): void; readonly waits: number[] } {
  let pending: (() => void) | undefined;
  const waits: number[] = [];
  return {
    now: () => 0,
    timer(ms, run) {
      waits.push(ms);
      pending = run;
      return () => (pending = undefined);
    },
    ring: () => pending?.(),
    waits,
  };
}

const block = (length: number, place = 'a', isWanted = () => true): Block => ({
  place,
  index: 0,
  bytes: new ArrayBuffer(length),
  isWanted,
});

function recorder() {
  const clock = handClock();
  const groups: Block[][] = [];
  const writer = blockWriter(clock, async (blocks) => void groups.push([...blocks]));
  return { clock, writer, sizes: () => groups.map((group) => group.length) };
}

test('[STORE-20] blocks of all shards wait for each other at most 10 ms, and are written as one group', async () => {
  const { clock, writer, sizes } = recorder();
  const added = Promise.all([writer.add(block(1, 'a')), writer.add(block(1, 'b'))]);
  expect(sizes()).toEqual([]);
  expect(clock.waits).toEqual([10]);
  clock.ring();
  await added;
  expect(sizes()).toEqual([2]);
});

test('[STORE-20] the sixteenth block closes a group, and the next one starts another', async () => {
  const { clock, writer, sizes } = recorder();
  const added = Promise.all(Array.from({ length: 17 }, () => writer.add(block(1))));
  expect(sizes()).toEqual([16]);
  clock.ring();
  await added;
  expect(sizes()).toEqual([16, 1]);
});

test('[STORE-20] so does the block that makes it 4 MiB', async () => {
  const { writer, sizes } = recorder();
  const first = writer.add(block(4 * 1024 * 1024 - 1));
  expect(sizes()).toEqual([]);
  await Promise.all([first, writer.add(block(1))]);
  expect(sizes()).toEqual([2]);
});

test('[STORE-20] a flush writes at once, and the timer of what it wrote does not ring for a later group', async () => {
  const { clock, writer, sizes } = recorder();
  const first = writer.add(block(1));
  writer.flush();
  await first;
  clock.ring();
  writer.flush();
  expect(sizes()).toEqual([1]);
});

test('[STORE-20] a group that fails fails every block in it', async () => {
  const clock = handClock();
  const writer = blockWriter(clock, async () => Promise.reject(new ShoalError('full', 'no room')));
  const added = Promise.allSettled([writer.add(block(1, 'a')), writer.add(block(1, 'b'))]);
  clock.ring();
  for (const outcome of await added) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'full' } });
});

test('[STORE-20] a block that is not wanted any more is not written', async () => {
  const { clock, writer, sizes } = recorder();
  let wanted = true;
  const added = Promise.allSettled([writer.add(block(1, 'a', () => wanted)), writer.add(block(1, 'b'))]);
  wanted = false;
  clock.ring();
  expect(await added).toMatchObject([{ status: 'rejected', reason: { code: 'cancelled' } }, { status: 'fulfilled' }]);
  expect(sizes()).toEqual([1]);
});
