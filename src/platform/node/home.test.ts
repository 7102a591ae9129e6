import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { homeOwner, homePaths, openHome } from './home.ts';

describe('home', () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'shoal-home-'));
    folder = join(parent, 'deep', 'home');
  });
  afterEach(() => rm(parent, { recursive: true }));

  const bootOf = async (): Promise<string> =>
    (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).replaceAll(/[^0-9a-f]/g, '').slice(0, 12);
  const layLock = async (name: string): Promise<void> => {
    await mkdir(join(folder, 'lock'), { recursive: true });
    await writeFile(join(folder, 'lock', name), '');
  };

  test('[HOME-1] a home is made for its user alone', async () => {
    const home = await openHome(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await home.release();
  });

  test('[HOME-2] while one has it, another is refused with the folder, the pid and what to do', async () => {
    const home = await openHome(folder);
    expect(await homeOwner(folder)).toBe(process.pid);
    const refused = openHome(folder);
    await expect(refused).rejects.toMatchObject({ code: 'busy' });
    await expect(refused).rejects.toThrow(new RegExp(`Process ${process.pid} runs a peer in ${folder}\\. .*--home`));
    await home.release();
    expect(await homeOwner(folder)).toBeUndefined();
    await (await openHome(folder)).release();
  });

  test('[HOME-2] the same home by another path is the same home', async () => {
    const home = await openHome(folder);
    await symlink(folder, join(parent, 'link'));
    await expect(openHome(join(parent, 'link'))).rejects.toMatchObject({ code: 'busy' });
    expect((await homePaths(join(parent, 'link'))).socket).toBe(home.socket);
    await home.release();
  });

  test('[HOME-2] of many that open it at once at most one has it', async () => {
    const opened = await Promise.allSettled(Array.from({ length: 8 }, () => openHome(folder)));
    const homes = opened.filter((each) => each.status === 'fulfilled');
    expect(homes.length).toBeLessThanOrEqual(1);
    for (const { value } of homes) await value.release();
    expect(await readdir(join(folder, 'lock'))).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')(
    '[HOME-2] a pid given to another process since, an earlier boot and a dead owner hold nothing',
    async () => {
      const boot = await bootOf();
      await layLock(`${process.ppid}-1-${boot}-${'0'.repeat(12)}`);
      await layLock(`${process.ppid}-1-${'f'.repeat(12)}-${'0'.repeat(12)}`);
      await layLock(`999999999-1-${boot}-${'0'.repeat(12)}`);
      const home = await openHome(folder);
      expect(await readdir(join(folder, 'lock'))).toHaveLength(1);
      await home.release();
    },
  );

  test.skipIf(process.platform !== 'linux')('[HOME-2] an owner without a known start holds it while its pid lives', async () => {
    await layLock(`${process.ppid}-0-${await bootOf()}-${'0'.repeat(12)}`);
    await expect(openHome(folder)).rejects.toMatchObject({ code: 'busy' });
  });

  test('[HOME-3] the socket lies in the home, or in a folder of the user alone where its path would be too long', async () => {
    const home = await openHome(folder);
    expect(home.socket).toBe(join(home.folder, 'control.sock'));
    await home.release();
    const long = await openHome(join(parent, 'x'.repeat(120)));
    expect(Buffer.byteLength(long.socket)).toBeLessThanOrEqual(103);
    expect(long.socket.startsWith(tmpdir())).toBe(true);
    expect((await stat(join(long.socket, '..'))).mode & 0o777).toBe(0o700);
    expect((await homePaths(long.folder)).socket).toBe(long.socket);
    await long.release();
    const other = await openHome(join(parent, 'y'.repeat(120)));
    expect(other.socket).not.toBe(long.socket);
    await other.release();
  });

  test('[HOME-4] a file, and no home at all, are refused in words', async () => {
    await writeFile(join(parent, 'file'), '');
    for (const path of [join(parent, 'file'), join(parent, 'file', 'below')]) {
      await expect(openHome(path)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('is no folder') });
    }
    await expect(homePaths(join(parent, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    expect(await homeOwner(join(parent, 'none'))).toBeUndefined();
  });

  // Nothing is forbidden to root.
  test.skipIf(process.getuid?.() === 0)('[HOME-4] a folder that cannot be written is refused in words', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o500);
    await expect(openHome(folder)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('may not write') });
    await chmod(folder, 0o700);
  });
});
