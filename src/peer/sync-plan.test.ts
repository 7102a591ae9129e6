import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { ShoalError } from '../core/errors.ts';
import type { RecordState } from '../core/record/record.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { createSyncPlan } from './sync-plan.ts';
import { createTask } from './task.ts';

const keepers = Array.from({ length: 8 }, (_, i) => `keeper ${i}`);
const record = { recordKey: 'one', objectKey: new Uint8Array(32) } as Partial<RecordState> as RecordState;
const minuteMs = 60_000;

/** The plan of a peer that keeps one record and is none of its keepers. */
function planned(sync: (node: string, recordKeys: readonly string[]) => Promise<readonly string[] | void>) {
  const clock = virtualClock(drain);
  const handedOver: number[] = [];
  let now: readonly string[] = keepers;
  let nextAtMs = Infinity;
  const plan = createSyncPlan({
    ...{ clock, random: seededRandom('plan'), self: 'self', log: () => {} },
    records: { keys: async () => ['one'], refresh: async () => {} },
    keepers: { of: () => now, nextMs: () => nextAtMs - clock.now() },
    sync: { run: async (node, recordKeys) => (await sync(node, recordKeys)) ?? [] },
    policy: { syncMs: 10 * minuteMs, gatherMs: 1_000 },
    handedOver: () => void handedOver.push(clock.now()),
    task: createTask('over'),
  });
  plan.merged(record);
  plan.start();
  return {
    clock,
    plan,
    handedOver,
    setKeepers: (nodes: readonly string[]) => (now = nodes),
    /** The next one is eligible in so long. */
    setNext: (ms: number) => (nextAtMs = clock.now() + ms),
    pass: (ms: number) => clock.run(clock.now() + ms),
  };
}

test('[REC-10] a record that changed while a sync of it was under way was not confirmed by that sync', async () => {
  let change = (): void => {};
  const { plan, handedOver, pass } = planned(async (node) => {
    if (node === keepers[7]) change();
  });
  change = () => plan.merged(record);
  await pass(30 * minuteMs);
  expect(handedOver).toEqual([]);
  change = () => {};
  await pass(15 * minuteMs);
  expect(handedOver.length).toBeGreaterThan(0);
});

test('[SYNC-3] with whom no sync is to be had is tried later and later; not from there on when it comes back as a keeper', async () => {
  const atMs: number[] = [];
  const { clock, plan, setKeepers, pass } = planned(async (node) => {
    if (node !== keepers[0]) return;
    atMs.push(clock.now());
    throw new ShoalError('timeout', 'not now');
  });
  await pass(8 * minuteMs);
  const gaps = atMs.slice(1).map((ms, i) => ms - atMs[i]!);
  expect(gaps.length).toBeGreaterThanOrEqual(3);
  expect(gaps[2]!).toBeGreaterThan(2 * gaps[0]!);
  // It is no keeper any more, and so forgotten once it failed again.
  setKeepers(keepers.slice(1));
  plan.changed();
  await pass(20 * minuteMs);
  setKeepers(keepers);
  atMs.length = 0;
  plan.changed();
  await pass(3 * minuteMs);
  expect(atMs[1]! - atMs[0]!).toBeLessThanOrEqual(40_000);
});

test('[SYNC-3] who becomes eligible by time alone is seen soon after', async () => {
  const synced: string[] = [];
  const { plan, setKeepers, setNext, pass } = planned(async (node) => void synced.push(node));
  await pass(minuteMs);
  setNext(2 * minuteMs);
  plan.changed();
  await pass(minuteMs);
  // Nobody says it when the time has come.
  setKeepers([...keepers.slice(1), 'newcomer']);
  await pass(0.9 * minuteMs);
  expect(synced).not.toContain('newcomer');
  setNext(Infinity);
  await pass(minuteMs);
  expect(synced).toContain('newcomer');
});

test('[SYNC-3] what a peer took only in part is synced again soon, and only the rest was confirmed', async () => {
  const atMs: number[] = [];
  const { clock, handedOver, pass } = planned(async (node, recordKeys) => {
    if (node !== keepers[0]) return [];
    atMs.push(clock.now());
    return atMs.length < 4 ? recordKeys : [];
  });
  await pass(2.5 * minuteMs);
  expect(atMs).toHaveLength(4);
  expect(handedOver).toHaveLength(1);
  expect(handedOver[0]).toBeGreaterThanOrEqual(atMs[3]!);
});

test('[REC-11] what a peer had no room for at the moment is synced with it, keeper or not', async () => {
  const synced: [string, readonly string[]][] = [];
  const { plan, pass } = planned(async (...each) => void synced.push(each));
  await pass(2 * minuteMs);
  synced.length = 0;
  plan.putOff('stand-in', 'one');
  await pass(minuteMs);
  expect(synced).toEqual([['stand-in', ['one']]]);
});
