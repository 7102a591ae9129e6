import { expect, test } from 'vitest';
import { fileView as file } from '../../test/views.ts';
import { named, worstFirst } from './file-order.ts';

const names = (files: ReturnType<typeof worstFirst>): string[] => files.map(({ name }) => name);

test('[UI-17] files stand worst first', () => {
  const files = [
    file({ name: 'safe' }),
    file({ name: 'thin', health: 'Thin' }),
    file({ name: 'spreading', state: 'spreading', health: 'Spreading' }),
    file({ name: 'failed', state: 'failed' }),
    file({ name: 'lost', health: 'Lost', margin: -1 }),
    file({ name: 'at risk', health: 'At risk', margin: 0 }),
  ];
  expect(names(worstFirst(files))).toEqual(['at risk', 'lost', 'failed', 'spreading', 'thin', 'safe']);
});

test('[UI-17] where all is well the newest stands first', () => {
  expect(names(worstFirst([file({ name: 'old', addedMs: 1 }), file({ name: 'new', addedMs: 2 })]))).toEqual(['new', 'old']);
});

test('[UI-17] files are found by letters of their name in any case', () => {
  const files = [file({ name: 'trip/Übersicht.pdf' }), file({ name: 'notes.txt' })];
  expect(names(named(files, ' übers '))).toEqual(['trip/Übersicht.pdf']);
  expect(named(files, '')).toBe(files);
});
