import { expect, test } from 'vitest';
import { fileView as file } from '../../test/views.ts';
import { type DroppedFiles, forgetEnded } from './dropped-files.ts';

test('[UI-25] what was dropped is kept until it is stored or taken off the list', () => {
  const states = ['queued', 'sealing', 'waiting', 'spreading', 'failed', 'cancelled', 'stored'] as const;
  const names = [...states, 'removed'];
  const dropped: DroppedFiles = new Map(names.map((name) => [name, { file: new File([], name), name }]));
  forgetEnded(
    dropped,
    states.map((state) => file({ id: state, state })),
  );
  expect([...dropped.keys()]).toEqual(states.slice(0, -1));
  forgetEnded(dropped, []);
  expect(dropped.size).toBe(0);
});

test('[UI-25, UI-33] what replaces a stored file is kept until it is stored, or what became of it is dismissed', () => {
  const dropped: DroppedFiles = new Map([['report', { file: new File([], 'next'), name: 'next', replaces: 'report' }]]);
  for (const state of ['spreading', 'failed', 'cancelled'] as const) {
    const replacing = { version: 2, name: 'next', size: 0, state, sealed: 0, bytesStored: 0, bytesTotal: 0, sentence: '' };
    forgetEnded(dropped, [file({ id: 'report', replacing })]);
    expect(dropped.size).toBe(1);
  }
  forgetEnded(dropped, [file({ id: 'report', version: 2 })]);
  expect(dropped.size).toBe(0);
});
