import { expect, test } from 'vitest';
import { writeGroups } from './write-groups.ts';

test('[META-9] writes of one turn are one transaction, in the order of the calls', async () => {
  const commits: number[] = [];
  const order: number[] = [];
  const groups = writeGroups((writes) => {
    commits.push(writes.length);
    for (const write of writes) write();
  });
  await Promise.all([1, 2, 3].map((n) => groups.add(`${n}`, () => order.push(n))));
  await groups.add('4', () => order.push(4));
  expect(commits).toEqual([3, 1]);
  expect(order).toEqual([1, 2, 3, 4]);
});

test('[META-9] a group fails as a whole, and the next one is not touched by that', async () => {
  let isBroken = true;
  const groups = writeGroups(() => {
    if (isBroken) throw new Error('refused');
  });
  const outcomes = await Promise.allSettled(['a', 'b'].map((subject) => groups.add(subject, () => {})));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isBroken = false;
  await groups.add('a', () => {});
});

test('[META-9] a read waits for changes of its own subject alone', async () => {
  let isWritten = false;
  const groups = writeGroups((writes) => writes.forEach((write) => write()));
  const added = groups.add('a', () => (isWritten = true));
  await groups.written('b');
  expect(isWritten).toBe(false);
  await groups.written('a');
  expect(isWritten).toBe(true);
  await added;
  const later = groups.add('a', () => {});
  await groups.written();
  await later;
});

test('[META-9] a close writes what waits, and takes nothing more', async () => {
  const written: string[] = [];
  const groups = writeGroups((writes) => writes.forEach((write) => write()));
  const added = groups.add('a', () => written.push('a'));
  groups.close();
  expect(written).toEqual(['a']);
  await added;
  await expect(groups.add('a', () => {})).rejects.toMatchObject({ code: 'cancelled' });
  await expect(groups.written()).rejects.toMatchObject({ code: 'cancelled' });
});
