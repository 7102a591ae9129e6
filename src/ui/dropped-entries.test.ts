import { describe, expect, test } from 'vitest';
import { chosenFiles, filesMax, gather } from './dropped-entries.ts';

/** What a browser gives for a dropped file or folder, as far as it is used. */
type Tree = string | Error | { readonly [name: string]: Tree };

function entry(path: string, tree: Tree): FileSystemEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (typeof tree === 'string' || tree instanceof Error) {
    const file: Partial<FileSystemFileEntry> = {
      isFile: true,
      isDirectory: false,
      fullPath: path,
      file: (done, failed) => (tree instanceof Error ? failed?.(tree as DOMException) : done(new File([tree], name))),
    };
    return file as FileSystemFileEntry;
  }
  const folder: Partial<FileSystemDirectoryEntry> = {
    isFile: false,
    isDirectory: true,
    fullPath: path,
    createReader: () => {
      // As Chromium: a hundred at a time, then none.
      const left = Object.entries(tree).map(([each, below]) => entry(`${path}/${each}`, below));
      return { readEntries: (done) => done(left.splice(0, 100)) };
    },
  };
  return folder as FileSystemDirectoryEntry;
}

describe('what was dropped', () => {
  test('[UI-16] is every file of every folder, under its path', async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.txt`, 'x']));
    const { files, unreadable, more } = await gather([entry('/a.txt', 'a'), entry('/trip', { 'b.txt': 'b', days: { many } })]);
    expect(files.length).toBe(252);
    expect(files.slice(0, 2).map(({ name }) => name)).toEqual(['a.txt', 'trip/b.txt']);
    expect(files.at(-1)?.name).toBe('trip/days/many/249.txt');
    expect(await files[1]?.file.text()).toBe('b');
    expect([unreadable, more]).toEqual([[], false]);
  });

  test('[UI-16] what cannot be read is told by its path, and nothing else is lost', async () => {
    const { files, unreadable } = await gather([
      entry('/trip', { 'a.txt': 'a', 'locked.txt': new Error('NotReadableError'), 'b.txt': 'b' }),
    ]);
    expect(files.map(({ name }) => name)).toEqual(['trip/a.txt', 'trip/b.txt']);
    expect(unreadable).toEqual(['trip/locked.txt']);
  });

  test('[UI-16] beyond the bound is left out, and said', async () => {
    const tree = Object.fromEntries(Array.from({ length: filesMax + 1 }, (_, i) => [`${i}`, 'x']));
    const { files, more } = await gather([entry('/home', tree)]);
    expect([files.length, more]).toEqual([filesMax, true]);
    const chosen = chosenFiles(Array.from({ length: filesMax + 1 }, (_, i) => new File([], `${i}`)));
    expect([chosen.files.length, chosen.more]).toEqual([filesMax, true]);
  });
});
