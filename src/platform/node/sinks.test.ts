import { mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileSink, writableSink } from './sinks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-sinks-'));
});
afterEach(() => rm(folder, { recursive: true }));

const refused = (code: string, words: RegExp) => ({ code, message: expect.stringMatching(words) });
const anew = { overwrite: false };

describe('file sink', () => {
  const write = async (path: string, overwrite: boolean, text: string): Promise<void> => {
    const sink = fileSink(path, { overwrite });
    await sink.begin(text.length);
    for (const letter of text) await sink.write(Buffer.from(letter));
    await sink.close();
  };

  test('[SINK-17] a complete file has all bytes and the usual mode, and nothing is beside it', async () => {
    const path = join(folder, 'a.txt');
    await write(path, false, 'shoal');
    await writeFile(join(folder, 'usual'), '');
    expect(await readFile(path, 'utf8')).toBe('shoal');
    expect((await stat(path)).mode).toBe((await stat(join(folder, 'usual'))).mode);
    expect(await readdir(folder)).toEqual(['a.txt', 'usual']);
  });

  test('[SINK-21] what was written is no longer needed', async () => {
    const path = join(folder, 'a.txt');
    const sink = fileSink(path, anew);
    const bytes = Buffer.from('shoal');
    await sink.begin(10);
    for (const text of ['shoal', 'SHOAL']) {
      bytes.write(text);
      await sink.write(bytes);
    }
    await sink.close();
    expect(await readFile(path, 'utf8')).toBe('shoalSHOAL');
  });

  test('[SINK-17] until then it is a part that only its owner reads, and abort leaves nothing', async () => {
    const sink = fileSink(join(folder, 'a.txt'), anew);
    await sink.begin(5);
    await sink.write(Buffer.from('sho'));
    const [part, ...others] = await readdir(folder);
    expect([part, others]).toEqual([expect.stringMatching(/^\.a\.txt\.[0-9a-f]{12}\.part$/), []]);
    expect((await stat(join(folder, part!))).mode & 0o777).toBe(0o600);
    await expect(sink.close()).rejects.toMatchObject({ code: 'internal' });
    await sink.abort('');
    expect(await readdir(folder)).toEqual([]);
    await expect(sink.write(Buffer.from('al'))).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('[SINK-17] a name as long as a file system takes is no longer for its part', async () => {
    for (const name of ['a'.repeat(255), 'é'.repeat(127), `a${'é'.repeat(127)}`]) {
      await write(join(folder, name), false, 'shoal');
      expect(await readFile(join(folder, name), 'utf8')).toBe('shoal');
    }
  });

  test('[SINK-18] what is there is replaced only when that was asked for, and then at the end', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    await expect(fileSink(path, anew).begin(1)).rejects.toMatchObject(refused('bad-input', /exists already/));
    await write(path, true, 'new one');
    expect(await readFile(path, 'utf8')).toBe('new one');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  test('[SINK-18] a file that came meanwhile is not replaced', async () => {
    const path = join(folder, 'a.txt');
    const sink = fileSink(path, anew);
    await sink.begin(0);
    await writeFile(path, 'theirs');
    await expect(sink.close()).rejects.toMatchObject(refused('bad-input', /exists now/));
    await sink.abort('');
    expect(await readFile(path, 'utf8')).toBe('theirs');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  test('[SINK-18] a link is kept and what it points at is replaced', async () => {
    await writeFile(join(folder, 'far'), 'old');
    await symlink('far', join(folder, 'near'));
    await write(join(folder, 'near'), true, 'new');
    expect(await readFile(join(folder, 'far'), 'utf8')).toBe('new');
  });

  test('[SINK-18] folders, devices and missing folders are refused before anything is fetched', async () => {
    await expect(fileSink(folder, { overwrite: true }).begin(1)).rejects.toMatchObject(refused('bad-input', /folder/));
    await expect(fileSink('/dev/null', { overwrite: true }).begin(1)).rejects.toMatchObject(refused('bad-input', /no regular file/));
    await expect(fileSink(join(folder, 'no', 'a'), anew).begin(1)).rejects.toMatchObject(refused('not-found', /no such file or folder/));
  });

  test('[SINK-19] more than the disk has room for is full before anything is fetched', async () => {
    await expect(fileSink(join(folder, 'a'), anew).begin(2 ** 52)).rejects.toMatchObject(refused('full', /the disk has room for \d+/));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('stream sink', () => {
  test('[SINK-20] a write waits until the stream has taken it, and the stream stays open', async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const sink = writableSink(stream);
    await sink.begin(6);
    let written = 0;
    const writing = (async () => {
      for (const text of ['ab', 'cd', 'ef']) {
        await sink.write(Buffer.from(text));
        written++;
      }
      await sink.close();
    })();
    await new Promise(setImmediate);
    expect(written).toBeLessThan(3);
    const read: string[] = [];
    stream.on('data', (bytes: Buffer) => read.push(bytes.toString()));
    await writing;
    expect(read.join('')).toBe('abcdef');
    expect(stream.writableEnded).toBe(false);
  });

  test('[SINK-20] a reader that is gone is cancelled, another failure is not', async () => {
    const gone = new PassThrough();
    const sink = writableSink(gone);
    gone.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await expect(sink.write(Buffer.from('a'))).rejects.toMatchObject(refused('cancelled', /stopped reading/));
    await expect(sink.close()).rejects.toMatchObject({ code: 'cancelled' });

    const full = new PassThrough();
    const other = writableSink(full);
    full.destroy(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }));
    await new Promise(setImmediate);
    await expect(other.write(Buffer.from('a'))).rejects.toMatchObject(refused('full', /the disk is full/));
  });
});
