import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeCapability } from '../src/core/crypto/capability.ts';
import { content } from './offline/samples.testing.ts';
import { endAll, jsonOf, run, start } from './run.testing.ts';

/** Three stripes of 4 data shards. */
const size = 3_000_000;
const bytes = content(size);
let root: string;
const at = (...names: string[]): string => join(root, ...names);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'shoal-offline-'));
  await writeFile(at('film.mp4'), bytes);
});
afterEach(async () => {
  await endAll();
  await rm(root, { recursive: true, force: true });
});

const encode = (...more: string[]) => run(['encode', at('film.mp4'), '--out', at('o'), '--cap', at('o.cap'), ...more]);
const decode = (...more: string[]) => run(['decode', at('o'), '--cap', at('o.cap'), '--out', at('out'), ...more]);
const flip = async (name: string): Promise<void> => {
  const shard = await readFile(at('o', name));
  shard[70_000]! ^= 1;
  await writeFile(at('o', name), shard);
};
const listing = async (...names: string[]): Promise<string[]> => (await readdir(at(...names))).toSorted();

describe('shoal encode and decode', () => {
  test('[DISK-4, DISK-5] a file comes back without m of its shards, and what is wrong is named', async () => {
    const encoded = await encode('--k', '4', '--m', '3', '--json');
    expect(encoded.status).toBe(0);
    expect(jsonOf(encoded)).toMatchObject({
      schema: 'shoal.encode/1',
      folder: at('o'),
      name: 'film.mp4',
      media: 'video/mp4',
      size,
      k: 4,
      m: 3,
      segments: 1,
    });
    expect(encoded.stdout + encoded.stderr).not.toContain((await readFile(at('o.cap'), 'utf8')).trim());
    await rm(at('o', '0-0.shard'));
    await rm(at('o', '0-3.shard'));
    await flip('0-5.shard');

    const decoded = await decode('--json');
    expect(decoded.status).toBe(0);
    expect(decoded.stderr).toMatch(/^damaged: 0-5.shard\nmissing: 0-0.shard, 0-3.shard\n.*restored\.\n$/);
    expect(jsonOf(decoded)).toMatchObject({
      schema: 'shoal.decode/1',
      name: 'film.mp4',
      size,
      damaged: ['0-5.shard'],
      missing: ['0-0.shard', '0-3.shard'],
    });
    expect((await readFile(at('out'))).equals(bytes)).toBe(true);
    const piped = await run(['decode', at('o'), '--cap', '-', '--out', '-'], { stdin: await readFile(at('o.cap')) });
    expect([piped.status, piped.bytes.equals(bytes)]).toEqual([0, true]);
  });

  test('[DISK-5] each way to fail has its status and one sentence', async () => {
    await encode('--data-shards', '2', '--parity-shards', '1');
    const outcome = async (...args: string[]): Promise<readonly [number | null, string]> => {
      const { status, stdout, stderr } = await run(args);
      expect(stdout).toBe('');
      expect(stderr).not.toMatch(/\n\s+at /);
      return [status, stderr];
    };
    const outcomes = (cases: readonly (readonly [args: readonly string[], status: number, words: string])[]): Promise<void[]> =>
      Promise.all(
        cases.map(async ([args, status, words]) => expect(await outcome(...args)).toEqual([status, expect.stringContaining(words)])),
      );
    const folder = ['decode', at('o'), '--out', at('out')];
    const cap = ['--cap', at('o.cap')];
    const file = ['encode', at('film.mp4'), '--cap', at('p.cap')];
    await writeFile(at('other.cap'), `${encodeCapability({ right: 'write', writeSeed: new Uint8Array(32) })}\n`);
    await writeFile(at('bad.cap'), 'W.nonsense\n'.repeat(200));
    await outcomes([
      [folder, 2, '--cap'],
      [['decode', at('o'), ...cap, '--out', '-', '--json'], 2, 'standard output'],
      [[...folder, '--cap', at('bad.cap')], 2, 'not a capability'],
      [[...folder, '--cap', at('no.cap')], 3, 'no.cap: the capability file is not there'],
    ]);
    await outcomes([
      [['decode', at('no'), ...cap, '--out', at('out')], 3, 'descriptor.cbor'],
      [[...folder, '--cap', at('other.cap')], 5, 'another file'],
      [[...file, '--out', at('o')], 2, 'not empty'],
      [[...file, '--out', at('p'), '--k', 'x'], 2, 'whole number'],
    ]);
    await flip('0-0.shard');
    await flip('0-1.shard');
    await outcomes([[[...folder, ...cap], 6, '0-0.shard, 0-1.shard']]);
    await rm(at('o', '0-0.shard'));
    await rm(at('o', '0-2.shard'));
    await outcomes([[[...folder, ...cap], 4, '0-0.shard, 0-2.shard']]);
    expect(await listing()).toEqual(['bad.cap', 'film.mp4', 'o', 'o.cap', 'other.cap']);
  });

  test('[SINK-20] a reader that goes away ends decode as a broken pipe does', async () => {
    await encode();
    const { child, ended } = start(['decode', at('o'), '--cap', at('o.cap'), '--out', '-']);
    child.stdout!.once('data', () => child.stdout!.destroy());
    const { status, stderr } = await ended;
    expect(status).toBe(141);
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
  });

  test('[CLI-1] help opens with examples', async () => {
    const [encoding, decoding] = await Promise.all(['encode', 'decode'].map((command) => run([command, '--help'])));
    expect([encoding!.status, encoding!.stdout]).toEqual([0, expect.stringMatching(/^Examples:\n {2}shoal encode /)]);
    expect([decoding!.status, decoding!.stdout]).toEqual([0, expect.stringMatching(/^Examples:\n {2}shoal decode /)]);
  });
});

describe('interrupted', () => {
  /** Resolves once `found` holds; whoever is to be interrupted then is in the middle of its work. */
  const until = async (found: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await found())) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  beforeEach(() => truncate(at('film.mp4'), 40_000_000));

  test.each([
    ['sealing', () => existsSync(at('o.cap'))],
    ['writing', async () => existsSync(at('o')) && (await readdir(at('o'))).length > 0],
  ])('[DISK-6] Ctrl-C while encode is %s leaves nothing', async (_, begun) => {
    const { child, ended } = start(['encode', at('film.mp4'), '--out', at('o'), '--cap', at('o.cap')]);
    await until(begun);
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    expect(await listing()).toEqual(['film.mp4']);
  });

  test('[DISK-6] Ctrl-C while decode is writing leaves nothing', async () => {
    await encode();
    const { child, ended } = start(['decode', at('o'), '--cap', at('o.cap'), '--out', at('out')]);
    await until(async () => (await listing()).some((name) => name.endsWith('.part')));
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    expect(await listing()).toEqual(['film.mp4', 'o', 'o.cap']);
  });
});

/** A file system of 2 MiB, where this user may mount one. */
const small = ((): string | undefined => {
  const path = join(tmpdir(), `shoal-small-${process.pid}`);
  try {
    execFileSync('mkdir', [path]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    execFileSync('rmdir', [path]);
    process.stderr.write('SKIPPED: the tests of a full disk need the right to mount a tmpfs (root)\n');
    return undefined;
  }
})();

describe.skipIf(small === undefined)('on a full disk', () => {
  const within = (...names: string[]): string => join(small!, ...names);
  beforeAll(() => mkdir(within('d')));
  afterAll(() => {
    execFileSync('umount', [small!]);
    execFileSync('rmdir', [small!]);
  });

  test('[DISK-6] encode says so and leaves nothing', async () => {
    const { status, stderr } = await run(['encode', at('film.mp4'), '--out', within('o'), '--cap', at('o.cap')]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/the disk is full/)]);
    expect([await readdir(small!), await listing()]).toEqual([['d'], ['film.mp4']]);
  });

  test('[SINK-19] decode refuses before it writes anything', async () => {
    await encode();
    const { status, stderr } = await run(['decode', at('o'), '--cap', at('o.cap'), '--out', within('d', 'out')]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/has 3000000 bytes and the disk has room for \d+/)]);
    expect(await readdir(within('d'))).toEqual([]);
  });

  test('[SINK-19] a disk that fills up meanwhile is full, and the part is removed', async () => {
    const { fileSink } = await import('../src/platform/node/sinks.ts');
    const sink = fileSink(within('d', 'out'), { overwrite: false });
    await sink.begin(1000);
    await expect(sink.write(bytes)).rejects.toMatchObject({ code: 'full' });
    await sink.abort('');
    expect(await readdir(within('d'))).toEqual([]);
  });
});
