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
  bytes: new Uint8Array(length),
  isWanted,
});

function recorder() {
  const clock = handClock();
  const groups: Block[][] = [];
  const ends: (() => void)[] = [];
  const writer = blockWriter(clock, (blocks) => {
    groups.push([...blocks]);
    return new Promise((resolve) => ends.push(resolve));
  });
  return {
    clock,
    writer,
    add: (blocks: number) => Promise.all(Array.from({ length: blocks }, () => writer.add(block(1)))),
    sizes: () => groups.map((group) => group.length),
    /** The oldest group is durable. */
    end: () => ends.shift()!(),
  };
}

test('[STORE-20] blocks of all shards wait for each other at most a second, and are written as one group', async () => {
  const { clock, writer, sizes, end } = recorder();
  const added = Promise.all([writer.add(block(1, 'a')), writer.add(block(1, 'b'))]);
  expect(sizes()).toEqual([]);
  expect(clock.waits).toEqual([1_000]);
  clock.ring();
  expect(sizes()).toEqual([2]);
  end();
  await added;
});

test('[STORE-20] the fourth block closes a group while no other is being written, and the next one starts another', async () => {
  const { clock, add, sizes, end } = recorder();
  const first = add(4);
  expect(sizes()).toEqual([4]);
  const second = add(1);
  clock.ring();
  expect(sizes()).toEqual([4, 1]);
  end();
  end();
  await Promise.all([first, second]);
});

test('[STORE-20] while one is being written the next gathers on, to its sixteenth block', async () => {
  const { add, sizes } = recorder();
  void add(4 + 15);
  expect(sizes()).toEqual([4]);
  void add(1);
  expect(sizes()).toEqual([4, 16]);
});

test('[STORE-20] when that one has ended, four are enough again', async () => {
  const { add, sizes, end } = recorder();
  const first = add(4);
  void add(5);
  end();
  await first;
  expect(sizes()).toEqual([4, 5]);
  void add(3);
  end();
  await Promise.resolve();
  expect(sizes()).toEqual([4, 5]);
});

test('[STORE-20] a commit waits at most 10 ms for what has gathered, and its timer does not ring for a later group', async () => {
  const { clock, writer, add, sizes } = recorder();
  void add(1);
  writer.hurry();
  expect(clock.waits).toEqual([1_000, 10]);
  clock.ring();
  clock.ring();
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
  const { clock, writer, sizes, end } = recorder();
  let wanted = true;
  const added = Promise.allSettled([writer.add(block(1, 'a', () => wanted)), writer.add(block(1, 'b'))]);
  wanted = false;
  clock.ring();
  end();
  expect(await added).toMatchObject([{ status: 'rejected', reason: { code: 'cancelled' } }, { status: 'fulfilled' }]);
  expect(sizes()).toEqual([1]);
});
