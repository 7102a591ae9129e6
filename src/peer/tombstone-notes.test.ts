import { expect, test } from 'vitest';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { createTombstoneNotes } from './tombstone-notes.ts';

test('[REC-12] a disk that fails once to give the notes of earlier runs does not for ever', async () => {
  const meta = memoryMetaStore();
  const notesOn = (disk: typeof meta, nowMs: number) =>
    createTombstoneNotes({ meta: disk, log: () => {}, clock: { now: () => nowMs, timer: () => () => {} }, policy: { tombstoneMs: 10 } });
  await notesOn(meta, 0).note('claimed', true);
  let fails = true;
  const list: typeof meta.list = async (kind) => {
    if (fails) throw new Error('the disk fails');
    return meta.list(kind);
  };
  const notes = notesOn({ ...meta, list }, 15);
  await expect(notes.over()).rejects.toThrow('the disk fails');
  fails = false;
  expect(await notes.over()).toEqual(['claimed']);
  expect(notes.isClaimed('claimed')).toBe(true);
});
