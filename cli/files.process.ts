import { mkdir, readdir, readFile, stat, truncate } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeCapability } from '../src/core/crypto/capability.ts';
import { endAll, jsonOf, run } from './run.testing.ts';
import { lineOf, startMs, startSwarm, type Swarm, type SwarmPeer } from './swarm.testing.ts';

/** Two stripes with a ragged end where k is 2. */
const size = 1_200_345;

let swarm: Swarm;
let link: string;
let content: Buffer;

beforeAll(async () => {
  swarm = await startSwarm(3);
  const film = await swarm.file('film.mp4', size);
  content = film.content;
  link = lineOf(await swarm.run(['put', film.path]));
}, startMs);
afterAll(async () => {
  await swarm?.stop();
  await endAll();
});

describe('put and get', () => {
  test('[CLI-1, CLI-4] a file comes back by its link, with its name, type and every byte', async () => {
    expect(link).toMatch(new RegExp(`^${swarm.url}/#/r/R\\.[\\w-]{90,}$`));
    await mkdir(swarm.at('named'));
    const got = await swarm.run(['get', link, '--json'], { cwd: swarm.at('named') });
    expect(got).toMatchObject({ status: 0, stderr: `film.mp4: 1.2 MB verified, in ${swarm.at('named', 'film.mp4')}.\n` });
    expect(jsonOf(got)).toEqual({
      schema: 'shoal.get/1',
      ...{ name: 'film.mp4', media: 'video/mp4', version: 1, size, bytes: size, file: swarm.at('named', 'film.mp4') },
    });
    expect(await readdir(swarm.at('named'))).toEqual(['film.mp4']);
    expect(content.equals(await readFile(swarm.at('named', 'film.mp4')))).toBe(true);
  });

  test('[CLI-1] to standard output go the bytes and nothing else, by a link from standard input', async () => {
    const got = await swarm.run(['get', '-', '-o', '-'], { stdin: `${link}\n` });
    expect(got).toMatchObject({ status: 0, stderr: 'film.mp4: 1.2 MB verified.\n' });
    expect(content.equals(got.bytes)).toBe(true);
  });

  test.each([
    ['600000-600999', 600_000, 601_000],
    ['1200000-99999999', 1_200_000, size],
  ])('[CLI-17] a range, %s, is these bytes', async (range, first, end) => {
    const got = await swarm.run(['get', link, '-o', '-', '--range', range]);
    expect(got.status).toBe(0);
    expect(content.subarray(first, end).equals(got.bytes)).toBe(true);
  });

  test('[CLI-17, CLI-3] a range past the end, or none, is a wrong call', async () => {
    const [past, none] = await Promise.all([
      swarm.run(['get', link, '-o', swarm.at('past'), '--range', `${size}-`]),
      swarm.run(['get', link, '--range', '9-3']),
    ]);
    expect(past).toMatchObject({ status: 2, stdout: '' });
    expect(past.stderr).toMatch(/^shoal: The file has 1200345 bytes, .* no byte 1200345\.\n$/);
    expect(none).toMatchObject({ status: 2, stdout: '' });
    expect(none.stderr).toMatch(/^shoal: option '--range <FIRST-LAST>' .* its last byte comes before its first\. .*\n$/);
    expect(await there(swarm.at('past'))).toBe(false);
  });

  test('[CLI-16] a folder is put file by file, standard input under the name given, and (k, m) as asked', async () => {
    await swarm.file('photos/a.jpg', 1_000);
    await swarm.file('photos/raw/b.png', 70_000);
    const [folder, piped] = await Promise.all([
      swarm.run(['put', swarm.at('photos')]),
      swarm.run(['put', '-', '--name', 'notes.txt', '--k', '2', '--m', '1', '--json'], { stdin: 'only a few words' }),
    ]);
    expect(folder.status).toBe(0);
    expect(folder.stdout.trimEnd().split('\n').toSorted(byName)).toEqual([
      expect.stringMatching(/^http\S+\ta\.jpg$/),
      expect.stringMatching(/^http\S+\traw\/b\.png$/),
    ]);
    const { schema, files } = jsonOf(piped);
    expect({ schema, files }).toEqual({
      schema: 'shoal.put/1',
      files: [expect.objectContaining({ name: 'notes.txt', size: 16, k: 2, m: 1, margin: 1, health: 'Thin' })],
    });
    const [stored] = files as { link: string }[];
    expect((await swarm.run(['get', stored!.link, '-o', '-'])).stdout).toBe('only a few words');
  });

  test('[CLI-16] a file that cannot be stored keeps no other one from it, and it is said how many were not', async () => {
    await swarm.file('mixed/z.jpg', 1_000);
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await swarm.file(`mixed/${name}`, 0);
      await truncate(swarm.at('mixed', name), 1e12);
    }
    const put = await swarm.run(['put', swarm.at('mixed')]);
    expect(put).toMatchObject({ status: 1, stdout: expect.stringMatching(/^http\S+\tz\.jpg\n$/) });
    expect(put.stderr.match(/^shoal: [a-e]: This file has /gm)).toHaveLength(5);
    expect(put.stderr).toMatch(/^5 of 6 files were not stored\.$/m);
  });

  test('[CLI-3] what is there already is replaced with --force only', async () => {
    const { path, content: other } = await swarm.file('kept', 10);
    const refused = await swarm.run(['get', link, '-o', path]);
    expect(refused).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^shoal: .*kept: it exists already\. .*--force\.\n$/),
    });
    expect(await readFile(path)).toEqual(other);
    expect((await swarm.run(['get', link, '-o', path, '--force'])).stdout).toBe(`${path}\n`);
    expect(content.equals(await readFile(path))).toBe(true);
  });
});

describe('stat and verify', () => {
  test('[EXAM-1, EXAM-2] stat says how it is and gives the V capability, with which verify works and get does not', async () => {
    const [shown, facts] = await Promise.all([swarm.run(['stat', link, '--json']), swarm.run(['stat', link])]);
    const { schema, object, verify } = jsonOf(shown);
    expect(schema).toBe('shoal.stat/1');
    expect(object).toMatchObject({
      version: 1,
      segments: 1,
      health: expect.stringMatching(/Safe|Thin/),
      recordKey: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(facts.stdout).toMatch(/^health {3}(?:Safe|Thin): .*\ncode {5}\d\+\d, 1 segment, .*\nshards {3}(\d) of \1 online\n/);
    expect(String(verify)).toMatch(/^V\./);

    const [verified, read] = await Promise.all([swarm.run(['verify', String(verify)]), swarm.run(['get', String(verify), '-o', '-'])]);
    expect(verified).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^Every shard is what was signed: \d ok, 0 wrong, /),
    });
    expect(verified.stdout).toMatch(/^SEGMENT {2}SHARD {2}HOLDER {12}RESULT\n(0 {8}\d {6}[0-9a-f]{16} {2}ok\n)+$/);
    expect(read).toMatchObject({ status: 5, stdout: '', stderr: expect.stringMatching(/^shoal: This capability only lets .*\n$/) });
    const json = jsonOf(await swarm.run(['verify', link, '--json']));
    expect(json).toMatchObject({ schema: 'shoal.verify/1', counts: { wrong: 0, missing: 0, unreachable: 0 } });
  });
});

describe('links', () => {
  test('[CLI-2, CLI-3] what is no link, is cut short or changed is refused in one line that repeats nothing of it', async () => {
    const at = link.length - 20;
    const changed = link.slice(0, at) + (link[at] === 'a' ? 'b' : 'a') + link.slice(at + 1);
    for (const [command, bad] of [
      ['get', 'https://elsewhere.example/'],
      ['get', link.slice(0, -1)],
      ['stat', 'R.abcdef'],
      ['verify', changed],
    ] as const) {
      const ended = await swarm.run([command, bad]);
      expect(ended).toMatchObject({ status: 2, stdout: '' });
      expect(ended.stderr).toMatch(/^shoal: this is no link or capability.*\n$/);
      expect(ended.stderr).not.toContain(bad);
    }
  });

  test('[CLI-1] the right to write is refused on the command line, not repeated, and taken from standard input', async () => {
    const written = encodeCapability({ right: 'write', writeSeed: new Uint8Array(32).fill(7) });
    const refused = await swarm.run(['stat', written]);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^shoal: a W capability is a secret .* standard input, with -\n$/);
    expect(refused.stderr).not.toContain(written.slice(2, 20));
    expect((await swarm.run(['stat', '-'], { stdin: written })).status).toBe(3);
  });

  test('[CLI-2] what nobody has announced is not found: in this swarm, and in the one that a link names', async () => {
    const unknown = encodeCapability({ right: 'read', objectKey: new Uint8Array(32).fill(9), readKey: new Uint8Array(32) });
    const elsewhere = link.replace('/#/', '/?swarm=other#/');
    const endings = await Promise.all([
      swarm.run(['get', unknown, '-o', swarm.at('unknown'), '--wait', '2']),
      swarm.run(['verify', unknown]),
      swarm.run(['stat', elsewhere]),
    ]);
    for (const { status, stdout, stderr } of endings) {
      expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
      expect(stderr).toMatch(/^shoal: Nobody in this swarm announced this (file|object).*: check the link.*\n$/);
    }
    expect(await there(swarm.at('unknown'))).toBe(false);
  });
});

describe('ls', () => {
  test('[LOCAL-2] lists what was stored from a home, newest first, also by two commands at once', async () => {
    const home = swarm.at('two');
    const none = await run(['ls', '--home', home]);
    expect(none).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining('Nothing was stored from this home yet') });
    const [one, two] = [await swarm.file('one', 3_000), await swarm.file('two.bin', 4_000)];
    const links = (await Promise.all([one, two].map(({ path }) => swarm.run(['put', path, '--home', home])))).map(lineOf);

    const { files, schema } = jsonOf(await swarm.run(['ls', '--home', home, '--json']));
    expect(schema).toBe('shoal.ls/1');
    const found = files as { name: string; link: string; state: string; size: number }[];
    expect(found.toSorted(byName)).toMatchObject([
      { name: 'one', size: 3_000, state: 'stored', link: links[0] },
      { name: 'two.bin', size: 4_000, state: 'stored', link: links[1] },
    ]);
    const table = await swarm.run(['ls', '--home', home]);
    expect(table.stdout).toMatch(/^ADDED {8}SIZE +STATE +KEPT UNTIL +VERSION +NAME +LINK\n.*  stored  .*\n.*  stored  .*\n$/);
  });

  test('[LOCAL-2] a command uses the running peer of its home, which still has the list after a restart', async () => {
    const home = swarm.at('peer-3');
    const { path } = await swarm.file('through.bin', 50_000);
    const through = lineOf(await swarm.run(['put', path, '--home', home]));
    const old = swarm.peers[2]!;
    // That it was the running peer that stored it shows only there.
    expect((await old.snapshot()).files).toMatchObject([{ name: 'through.bin', state: 'stored' }]);
    expect((await old.leave()).status).toBe(0);
    const again: SwarmPeer = await swarm.peer(home);
    await swarm.met([again], 2);

    const { files } = jsonOf(await swarm.run(['ls', '--home', home, '--json']));
    expect(files).toMatchObject([{ name: 'through.bin', link: through, state: 'stored' }]);
    const got = await swarm.run(['get', through, '--home', home, '-o', '-']);
    expect(got.bytes.equals(await readFile(path))).toBe(true);
    expect((await swarm.run(['get', through, '--home', home, '-o', '-', '--range', '49990-'])).bytes).toHaveLength(10);
    expect((await swarm.run(['verify', through, '--home', home])).status).toBe(0);
  });
});

const byName = (a: unknown, b: unknown): number => nameOf(a).localeCompare(nameOf(b));
const nameOf = (value: unknown): string => (typeof value === 'string' ? value.split('\t')[1]! : (value as { name: string }).name);

const there = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
