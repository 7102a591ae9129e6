import { execFileSync, spawnSync } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLong } from '../test/long.ts';
import { endAll, jsonOf, mainFile } from './run.testing.ts';
import { lineOf, startMs, startSwarm, type Swarm, type SwarmPeer, until } from './swarm.testing.ts';

/** So large, and peers so slow, that a transfer is under way for seconds and can be met in its middle. */
const largeBytes = 12_000_000;
const slow = ['--bandwidth-down', '2MB', '--bandwidth-up', '2MB'];

let swarm: Swarm;
let large: string;
let largeLink: string;

beforeAll(async () => {
  swarm = await startSwarm(4, ...slow);
  large = (await swarm.file('large.bin', largeBytes)).path;
  largeLink = lineOf(await swarm.run(['put', large, '--k', '2', '--m', '2']));
}, startMs);
afterAll(async () => {
  await swarm?.stop();
  await endAll();
});

const reserved = async (peers: readonly SwarmPeer[]): Promise<number[]> =>
  Promise.all(peers.map(async (peer) => (await peer.snapshot()).self.reserved));
const underWay = (peers: readonly SwarmPeer[]): Promise<void> =>
  until(async () => expect((await reserved(peers)).some((bytes) => bytes > 0)).toBe(true));
const nothingReserved = (peers: readonly SwarmPeer[]): Promise<void> =>
  until(async () => expect((await reserved(peers)).every((bytes) => bytes === 0)).toBe(true));

/** What is in a folder, unfinished files too. */
const listing = (folder: string): Promise<string[]> => readdir(folder);

describe('without the others', () => {
  test('[CLI-2, CLI-16] a signaling server that is not there is status 4 for each command', async () => {
    const env = { SHOAL_SIGNALING: 'http://localhost:1', SHOAL_HOME: swarm.at('alone') };
    const calls = [
      ['put', large, '--wait', '1'],
      ['get', largeLink, '-o', swarm.at('alone.bin'), '--wait', '1'],
      ['peers', '--wait', '1'],
      // This one waits for 15 s.
      ...(isLong ? [['stat', largeLink]] : []),
    ];
    for (const ended of await Promise.all(calls.map((args) => swarm.run(args, { env })))) {
      expect(ended).toMatchObject({ status: 4, stdout: '' });
      expect(ended.stderr).toMatch(/^shoal: The signaling server could not be reached.*: check --signaling, and whether it runs\.\n$/);
    }
    const { files } = jsonOf(await swarm.run(['ls', '--json'], { env }));
    expect((files as { state: string }[]).filter(({ state }) => state === 'stored')).toEqual([]);
  });

  test('[CLI-2, CLI-16] a swarm in which nobody lends is status 4, and what was put is not listed as stored', async () => {
    const env = { SHOAL_HOME: swarm.at('lonely'), SHOAL_SWARM: 'lonely' };
    const ended = await swarm.run(['put', large, '--wait', '3'], { env });
    expect(ended).toMatchObject({ status: 4, stdout: '' });
    expect(ended.stderr).toMatch(/^shoal: Nobody in this swarm lends storage: none came for 3 s\. .*\n$/);
    expect(jsonOf(await swarm.run(['ls', '--json'], { env })).files).toEqual([]);
  });
});

describe('interrupted', () => {
  test('[CLI-6, CLI-16] a put gives back what holders had reserved for it, with status 130', async () => {
    const putting = swarm.start(['put', large], { env: { SHOAL_HOME: swarm.at('stopped') } });
    await underWay(swarm.peers);
    putting.child.kill('SIGINT');
    const ended = await putting.ended;
    expect(ended).toMatchObject({ status: 130, stdout: '' });
    expect(ended.stderr).toMatch(/^shoal: large\.bin was not stored: interrupted\. .*\n$/);
    await nothingReserved(swarm.peers);
    const { files } = jsonOf(await swarm.run(['ls', '--json', '--home', swarm.at('stopped')]));
    expect(files).toEqual([]);
  });

  test('[LOCAL-5] a put through the running peer is cancelled there too', async () => {
    const [through, ...others] = swarm.peers;
    const putting = swarm.start(['put', large, '--home', through!.home]);
    await underWay(others);
    putting.child.kill('SIGTERM');
    expect(await putting.ended).toMatchObject({ status: 143, stdout: '' });
    await nothingReserved(others);
    expect((await through!.snapshot()).files.filter(({ state }) => state !== 'cancelled')).toEqual([]);
  });

  test.each([
    ['by a peer of its own', () => swarm.at('home')],
    ['through the running peer', () => swarm.peers[1]!.home],
  ])('[CLI-6, CLI-16] a get %s leaves nothing, with status 130', async (_, home) => {
    const { path: folder } = await swarm.file(`get-${home().length}/other`, 1).then(({ path }) => ({ path: join(path, '..') }));
    const getting = swarm.start(['get', largeLink, '-o', join(folder, 'target'), '--home', home()]);
    await partOf(folder);
    getting.child.kill('SIGINT');
    const ended = await getting.ended;
    expect(ended.stderr).toMatch(/^shoal: Interrupted\. .*\n$/);
    expect(ended).toMatchObject({ status: 130, stdout: '' });
    expect(await listing(folder)).toEqual(['other']);
  });

  test('[CLI-7] a get whose reader goes away ends quietly with 141', () => {
    const script = `'${process.execPath}' '${mainFile}' get '${largeLink}' -o - | head -c 10 | wc -c; echo "\${PIPESTATUS[0]}"`;
    const env = { PATH: process.env.PATH, SHOAL_SIGNALING: swarm.url, SHOAL_HOME: swarm.at('home') };
    const { stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-c', script], { encoding: 'utf8', env, timeout: 30_000 });
    expect({ stdout: stdout.split('\n').map((line) => line.trim()), stderr }).toEqual({ stdout: ['10', '141', ''], stderr: '' });
  });
});

describe('on a terminal', () => {
  const script = spawnSync('script', ['--version'], { encoding: 'utf8' });
  const there = script.status === 0 && script.stdout.includes('util-linux');
  if (!there) process.stderr.write('SKIPPED: the test of progress on a terminal needs script of util-linux\n');

  test.skipIf(!there)('[CLI-15] a put shows how far it is, and takes the line away', () => {
    const command = `'${process.execPath}' '${mainFile}' put '${large}' --name shown.bin`;
    const env = { PATH: process.env.PATH, SHOAL_SIGNALING: swarm.url, SHOAL_HOME: swarm.at('home'), TERM: 'xterm', COLUMNS: '80' };
    const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', env, timeout: 60_000 });
    expect(status).toBe(0);
    const shown = stdout.split('\r\u001b[2K');
    expect(
      shown.filter((line) => /^shown\.bin {2}\d+ % {2}[\d.]+ [kM]?B of [\d.]+ MB( {2}[\d.]+ [kM]B\/s)?( {2}.* left)?$/.test(line)).length,
    ).toBeGreaterThan(3);
    expect(shown.at(-1)).toMatch(/^shown\.bin: (Safe|Thin): .*\r\nhttp:\S+\r\n$/);
  });
});

/** File systems of so many MiB, where this user may mount one. */
const disks: string[] = [];
function disk(name: string, mib: number): string {
  const path = swarm.at(name);
  execFileSync('mkdir', [path]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path]);
  disks.push(path);
  return path;
}
const mayMount = ((): boolean => {
  if (process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0) return true;
  process.stderr.write('SKIPPED: the tests of full disks need the right to mount a tmpfs (root)\n');
  return false;
})();

describe.skipIf(!mayMount)('on a full disk', () => {
  // Lazily: a peer that a failed test left may still be in it.
  afterAll(() => disks.forEach((path) => execFileSync('umount', ['-l', path])));

  test('[CLI-16, SINK-19] a get that has no room says so, at once or in its middle, and leaves nothing', async () => {
    const [tiny, tight] = [disk('tiny', 1), disk('tight', 14)];
    const getting = swarm.start(['get', largeLink, '-o', join(tight, 'target')]);
    const refused = await swarm.run(['get', largeLink, '-o', join(tiny, 'target')]);
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^shoal: .*target: the file has 12000000 bytes and the disk has room for \d+\. .*\n$/);
    expect(await listing(tiny)).toEqual([]);

    await partOf(tight);
    await writeFile(join(tight, 'ballast'), new Uint8Array(12_000_000)).catch(() => undefined);
    const ended = await getting.ended;
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^shoal: .*target: the disk is full.*\n$/i);
    expect(await listing(tight)).toEqual(['ballast']);
  });

  test.runIf(isLong)('[STORE-19, UP-3] a put goes on with the others when the disk of a holder fills', async () => {
    const full = await swarm.peer(join(disk('small', 4), 'home'));
    await swarm.met([full], 4);
    const { path } = await swarm.file('more.bin', 5_000_000);
    const stored = jsonOf(await swarm.run(['put', path, '--k', '1', '--m', '3', '--json']));
    const [{ link }] = stored.files as [{ link: string }];
    const { object } = jsonOf(await swarm.run(['stat', link, '--json']));
    const holders = (object as { holders: { node: string }[] }).holders.map(({ node }) => node);
    const { self } = await full.snapshot();
    expect(holders).toHaveLength(4);
    expect(holders).not.toContain(self.node);
    expect(self).toMatchObject({ shards: 0, reserved: 0 });
    expect((await full.leave()).status).toBe(0);
  });
});

describe('a peer that is killed', () => {
  test('[LOCAL-5] fails the command that goes through it, which leaves nothing', async () => {
    const killed = await swarm.peer(swarm.at('killed'));
    await swarm.met([killed], 4);
    await swarm.file('broken/other', 1);
    const getting = swarm.start(['get', largeLink, '-o', swarm.at('broken', 'target'), '--home', killed.home]);
    await partOf(swarm.at('broken'));
    await killed.kill();
    const ended = await getting.ended;
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^shoal: The running peer of this home ended .*\n$/);
    expect(await listing(swarm.at('broken'))).toEqual(['other']);
  });

  // A holder that says nothing any more is waited for: 10 s.
  test.runIf(isLong)('[UP-3] in the middle of a put is replaced by others', async () => {
    const killed = await swarm.peer(swarm.at('holder'), '--bandwidth-down', '400kB');
    await swarm.met([killed], 4);
    const { self } = await killed.snapshot();
    const { path } = await swarm.file('medium.bin', 4_000_000);
    const putting = swarm.start(['put', path, '--k', '1', '--m', '4']);
    await until(async () => expect((await killed.snapshot()).self.reserved).toBeGreaterThan(0));
    await killed.kill();
    const link = lineOf(await putting.ended);
    const { object } = jsonOf(await swarm.run(['stat', link, '--json']));
    const { holders, shards } = object as { holders: { node: string }[]; shards: number[] };
    expect(shards.every((count) => count > 0)).toBe(true);
    expect(holders.map(({ node }) => node)).not.toContain(self.node);
  });
});

/** Resolves once a download into a folder has begun. */
const partOf = (folder: string): Promise<void> =>
  until(async () => {
    const [part] = (await readdir(folder)).filter((name) => name.endsWith('.part'));
    expect((await stat(join(folder, part ?? 'none'))).size).toBeGreaterThan(0);
  });
