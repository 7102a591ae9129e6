import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import type { RecordState } from '../core/record/record.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { deferred } from './links/deferred.ts';
import type { Links } from './links/exchange.ts';
import { defaultPolicy } from './policy.ts';
import { createRecordBudget } from './record-budget.ts';
import { createRecordKeeping } from './record-keeping.ts';
import type { Records } from './records.ts';
import { createTask } from './task.ts';

const recordOf = (recordKey: string): RecordState => ({ recordKey, objectKey: new Uint8Array(32), heads: [] });

/** What a peer that nobody is linked to makes of the records that `local` gives, of which it keeps `recordsMax`. */
function keepingOf(recordsMax: number, local: (recordKey: string) => Promise<RecordState | undefined>) {
  const clock = virtualClock(drain);
  const forgotten: string[] = [];
  const held = new Set<string>();
  const forget = async (recordKey: string): Promise<void> => {
    forgotten.push(recordKey);
    keeping.forgotten(recordKey);
  };
  const keeping = createRecordKeeping({
    ...{ clock, random: seededRandom('keeping'), meta: memoryMetaStore(), log: () => {}, task: createTask('over') },
    links: { self: '0'.repeat(64), handle() {} } as Partial<Links> as Links,
    records: { local, forget, keys: async () => [] } as Partial<Records> as Records,
    keepers: { of: () => [], nextMs: () => Infinity },
    held: { of: (recordKey) => (held.has(recordKey!) ? ['root'] : []) },
    owns: () => false,
    budget: createRecordBudget(clock),
    policy: { ...defaultPolicy, recordsMax },
  });
  const merge = (...keys: readonly string[]): void => {
    for (const each of keys) keeping.merged(recordOf(each), undefined);
  };
  return { keeping, held, forgotten, merge, pass: () => clock.run(clock.now() + 1) };
}

const key = (start: string): string => start.padEnd(64, '0');

test('[REC-10] what is held here displaces nothing that is kept for others, from the first shard to the last', async () => {
  const { keeping, held, forgotten, merge, pass } = keepingOf(2, async (recordKey) => recordOf(recordKey));
  const ours = ['11', '12', '13'].map(key);
  merge(key('f1'), ours[0]!);
  for (const each of ours) {
    held.add(each);
    keeping.turned(each);
  }
  merge(key('f2'), ...ours);
  await pass();
  expect(forgotten).toEqual([]);
  // The last shard of one went: it counts again, and the farthest goes.
  held.delete(ours[0]!);
  keeping.turned(ours[0]!);
  await pass();
  expect(forgotten).toEqual([key('f2'), key('f1')]);
});

test('[REC-10] what is forgotten while it is read counts no more', async () => {
  const read = deferred<RecordState | undefined>();
  let kept = true;
  const { keeping, forgotten, merge, pass } = keepingOf(1, async () => (kept ? read.promise : undefined));
  keeping.turned(key('01'));
  kept = false;
  keeping.forgotten(key('01'));
  read.resolve(recordOf(key('01')));
  await pass();
  merge(key('02'));
  await pass();
  expect(forgotten).toEqual([]);
});
