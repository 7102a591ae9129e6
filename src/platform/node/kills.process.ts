import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isLong } from '../../../test/long.ts';
import { concatBytes } from '../../core/bytes/compare.ts';
import { leafBytes, merkleRoot } from '../../core/merkle/tree.ts';
import type { Place } from '../../peer/ports.ts';
import { expectBytes } from '../shard-samples.contract.ts';
import { openHome } from './home.ts';
import { sqliteMetaStore } from './meta-store.ts';
import { fileShardStore } from './shard-store.ts';

/** What a SIGKILL at any moment leaves behind. The child processes run the built stores (dist/node). */

const built = new URL('../../../dist/node/src/', import.meta.url).href;

/** Runs a program as a process that is killed, and gives the lines it printed until then. `untilLine` of them come before the kill. */
async function killed(program: string, args: readonly string[], untilLine: number, afterMs: number): Promise<string[]> {
  const child = run(program, args);
  let text = '';
  const enough = new Promise<void>((resolve) => {
    child.stdout!.on('data', (part: string) => {
      text += part;
      if (text.split('\n').length > untilLine) resolve();
    });
  });
  const ended = once(child, 'close');
  await Promise.race([enough, ended]);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal, 'it ran until it was killed').toBe('SIGKILL');
  return text.split('\n').slice(0, -1);
}

function run(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  return child;
}

/**
 * Stores shards, four at a time, and prints each place once its commit has resolved; deletes every fifth again and prints that too. The
 * bytes of a shard follow from its number, so the test can tell them.
 */
const storing = `
  import { createHash } from 'node:crypto';
  import { fileShardStore } from '${built}platform/node/shard-store.js';
  import { merkleRoot } from '${built}core/merkle/tree.js';
  const store = fileShardStore(process.argv[1]);
  await store.start();
  await store.setCapacity(1e12);
  let next = 0;
  const keep = async () => {
    for (;;) {
      const n = next++;
      const length = 1 + ((n * 7919) % 37) * 33_333;
      const bytes = createHash('shake256', { outputLength: length }).update('shard ' + n).digest();
      const digests = [];
      for (let at = 0; at < length; at += 65_536) digests.push(createHash('sha256').update(bytes.subarray(at, at + 65_536)).digest());
      const place = { contentRoot: 'ab'.repeat(32), segment: n, shard: n % 7 };
      const staged = await store.stage(place, length);
      const writes = [];
      for (let at = 0; at < length; at += 262_144) writes.push(staged.write(bytes.subarray(at, at + 262_144)));
      await Promise.all(writes);
      const joined = new Uint8Array(Buffer.concat(digests));
      await staged.commit({ ...place, length, root: merkleRoot(joined), digests: joined, owner: new Uint8Array(32), lease: 1 });
      process.stdout.write('+' + n + ' ' + length + '\\n');
      if (n % 5 !== 4) continue;
      // Said before too: from then on it may be there or not.
      process.stdout.write('?' + n + '\\n');
      await store.delete(place);
      process.stdout.write('-' + n + '\\n');
    }
  };
  await Promise.all([keep(), keep(), keep(), keep()]);
`;

const placeOf = (n: number): Place => ({ contentRoot: 'ab'.repeat(32), segment: n, shard: n % 7 });

/** Every acknowledged shard is there, byte for byte; none that was deleted is; nothing torn is served; nothing is reserved. */
async function checkShards(folder: string, lines: readonly string[]): Promise<number> {
  const store = fileShardStore(folder);
  await store.start();
  const numbers = (sign: string): Set<number> =>
    new Set(lines.filter((line) => line.startsWith(sign)).map((line) => Number.parseInt(line.slice(1), 10)));
  const [kept, doubtful, deleted] = [numbers('+'), numbers('?'), numbers('-')];
  let used = 0;
  const listed = await store.list();
  for (const place of listed) {
    const meta = (await store.meta(place))!;
    const bytes = (await store.read(place, 0, meta.length))!;
    expectBytes(
      bytes,
      createHash('shake256', { outputLength: meta.length }).update(`shard ${place.segment}`).digest(),
      `shard ${place.segment}`,
    );
    const leaves = Array.from({ length: Math.ceil(bytes.length / leafBytes) }, (_, i) =>
      bytes.subarray(i * leafBytes, (i + 1) * leafBytes),
    );
    const digests = concatBytes(...leaves.map((leaf) => createHash('sha256').update(leaf).digest()));
    expectBytes(meta.digests, digests);
    expectBytes(meta.root, merkleRoot(digests));
    used += meta.length;
  }
  const there = new Set(listed.map(({ segment }) => segment));
  for (const n of kept) if (!doubtful.has(n)) expect(there.has(n), `shard ${n} was acknowledged`).toBe(true);
  for (const n of deleted) expect(there.has(n), `shard ${n} was deleted`).toBe(false);
  expect(await store.read(placeOf(1e6), 0, 1)).toBeUndefined();
  expect(store.usage()).toMatchObject({ used, reserved: 0 });
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.staged'))).toEqual([]);
  return kept.size;
}

const kills = isLong ? 100 : 12;

test(`[FILE-7] of ${kills} processes killed in the middle of storing, each leaves every acknowledged shard whole and nothing torn`, {
  timeout: 600_000,
}, async () => {
  let amidWrite = 0;
  let acknowledged = 0;
  for (let i = 0; i < kills; i++) {
    const folder = await mkdtemp(join(tmpdir(), 'shoal-killed-'));
    const lines = await killed(storing, [folder], Math.floor(Math.random() * 40), Math.random() * 60);
    const left = await readdir(folder, { recursive: true });
    if (left.some((name) => name.endsWith('.staged'))) amidWrite++;
    acknowledged += await checkShards(folder, lines);
    await rm(folder, { recursive: true });
  }
  expect(acknowledged).toBeGreaterThan(kills * 5);
  expect(amidWrite, 'kills that found a shard being staged').toBeGreaterThan(kills * 0.6);
});

/** Puts values as fast as they are taken, and prints each one's number once it is durable. */
const putting = `
  import { sqliteMetaStore } from '${built}platform/node/meta-store.js';
  const store = await sqliteMetaStore(process.argv[1]);
  let next = 0;
  const put = async () => {
    for (;;) {
      const n = next++;
      await Promise.all([store.put('record', 'key ' + n, new Uint8Array(2_000).fill(n)), store.put('score', 'last', new Uint8Array(1).fill(n))]);
      process.stdout.write(n + '\\n');
    }
  };
  await Promise.all(Array.from({ length: 8 }, put));
`;

test('[META-9] of processes killed in the middle of putting values, each leaves every acknowledged value', {
  timeout: 600_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-killed-'));
  for (let i = 0; i < (isLong ? 50 : 5); i++) {
    const file = join(folder, `${i}.sqlite`);
    const lines = await killed(putting, [file], 20 + Math.floor(Math.random() * 100), Math.random() * 20);
    const store = await sqliteMetaStore(file);
    for (const line of lines) {
      const value = await store.get('record', `key ${line}`);
      expectBytes(value, new Uint8Array(2_000).fill(Number(line)), `value ${line} was acknowledged`);
    }
    expect(await store.get('score', 'last')).toHaveLength(1);
    store.close();
  }
  await rm(folder, { recursive: true });
});

/** Opens a home, says so, and stays; or says why not. */
const opening = `
  import { openHome } from '${built}platform/node/home.js';
  try {
    await openHome(process.argv[1]);
    process.stdout.write('open\\n');
    setInterval(() => {}, 1_000);
  } catch (error) {
    process.stdout.write(error.code + '\\n');
  }
`;

test('[HOME-2] a home is refused while its owner lives, and open again after a SIGKILL', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-home-'));
  const child = run(opening, [folder]);
  const [line] = (await once(child.stdout!, 'data')) as [string];
  expect(line).toBe('open\n');
  await expect(openHome(folder)).rejects.toMatchObject({ code: 'busy', message: expect.stringContaining(`${child.pid}`) });
  child.kill('SIGKILL');
  await once(child, 'close');
  await (await openHome(folder)).release();
  await rm(folder, { recursive: true });
});

test('[HOME-2] of processes that start at once on the home of a dead one at most one has it, and the others say so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-home-'));
  await killed(opening, [folder], 1, 0);
  const children = Array.from({ length: 5 }, () => run(opening, [folder]));
  const lines = await Promise.all(children.map(async (child) => ((await once(child.stdout!, 'data')) as [string])[0]));
  expect(lines.filter((line) => line === 'open\n').length).toBeLessThanOrEqual(1);
  expect(lines.filter((line) => line !== 'open\n')).toEqual(lines.filter((line) => line === 'busy\n'));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(async (child) => child.exitCode ?? child.signalCode ?? (await once(child, 'close'))));
  await (await openHome(folder)).release();
  await rm(folder, { recursive: true });
});
