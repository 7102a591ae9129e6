import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toUtf8 } from '../../core/bytes/text.ts';
import { writeDurably } from './durable-file.ts';

test('[FILE-1] a file is replaced whole, with its mode; what fails leaves nothing beside what was there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-durable-'));
  await writeDurably(join(folder, 'a'), toUtf8('first, and longer'), 0o644);
  await writeDurably(join(folder, 'a'), toUtf8('second'), 0o600);
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('second');
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o600);

  // Nothing can be renamed to a folder.
  await mkdir(join(folder, 'b'));
  await expect(writeDurably(join(folder, 'b'), toUtf8('third'), 0o600)).rejects.toMatchObject({ code: 'bad-input' });
  expect(await readdir(folder)).toEqual(['a', 'b']);
  await rm(folder, { recursive: true });
});
