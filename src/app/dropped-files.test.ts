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
