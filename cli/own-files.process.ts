import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endAll, jsonOf, run } from './run.testing.ts';
import { lineOf, startMs, startSwarm, type Swarm, until } from './swarm.testing.ts';

let swarm: Swarm;
/** Link of a file that is there after the renewals. */
let kept: string;

beforeAll(async () => {
  swarm = await startSwarm(3);
}, startMs);
afterAll(async () => {
  await swarm?.stop();
  await endAll();
});

/** Bytes that each peer holds. */
const used = async (): Promise<number[]> => Promise.all(swarm.peers.map(async (peer) => (await peer.snapshot()).self.used));
const put = async (name: string, ...more: string[]): Promise<string> => {
  const { path } = await swarm.file(name, 200_000);
  return lineOf(await swarm.run(['put', path, ...more]));
};

describe('rm', () => {
  test('[CLI-18] deletes by name what a home has stored: its holders free the bytes, the link says so, and nobody else can', async () => {
    const link = await put('film.mp4');
    expect(Math.min(...(await used()))).toBeGreaterThan(0);
    const [stranger, unknown] = await Promise.all([swarm.run(['rm', link, '--home', swarm.at('other')]), swarm.run(['rm', 'film.avi'])]);
    expect(stranger).toMatchObject({
      status: 5,
      stdout: '',
      stderr: expect.stringMatching(/^shoal: Only its owner can delete a file.*\n$/),
    });
    expect(unknown).toMatchObject({ status: 3, stdout: '', stderr: expect.stringMatching(/^shoal: No file of this name .*\n$/) });

    const beganMs = performance.now();
    const removed = await swarm.run(['rm', 'film.mp4']);
    expect(removed).toMatchObject({ status: 0, stdout: '', stderr: 'film.mp4: deleted, freed by 3 holders.\n' });
    await until(async () => expect(await used()).toEqual([0, 0, 0]));
    expect(performance.now() - beganMs).toBeLessThan(10_000);

    const [got, shown, again, listed] = await Promise.all([
      swarm.run(['get', link, '-o', swarm.at('gone')]),
      swarm.run(['stat', link]),
      swarm.run(['rm', link]),
      swarm.run(['ls', '--json']),
    ]);
    expect(got).toMatchObject({ status: 3, stdout: '', stderr: 'shoal: This file was deleted by its owner.\n' });
    expect(shown).toMatchObject({ status: 3, stdout: '', stderr: 'shoal: This object was deleted by its owner.\n' });
    expect(again).toMatchObject({ status: 5, stdout: '' });
    expect(jsonOf(listed)['files']).toEqual([]);
  });

  test('[CLI-18] by the link from standard input, through the running peer of a home, and names who is away', async () => {
    const home = swarm.at('peer-1');
    const link = await put('two.bin', '--home', home);
    const away = swarm.peers[2]!;
    const { node } = (await away.snapshot()).self;
    await away.leave();
    const removed = await swarm.run(['rm', '-', '--home', home, '--json'], { stdin: `${link}\n` });
    expect(removed.stderr).toBe(`two.bin: deleted, freed by its holder.\nAway, and told when they are back: ${node.slice(0, 8)}.\n`);
    expect(jsonOf(removed)).toMatchObject({ schema: 'shoal.rm/1', name: 'two.bin', holders: [expect.any(String)], away: [node] });
    // The one that was away hears of it.
    const back = await swarm.peer(away.home);
    await until(async () => expect((await back.snapshot()).self.used).toBe(0));
    await swarm.met([back], 2);
  });
});

describe('renew and drop', () => {
  test('[CLI-19] renew has the files of a home kept from now on, with or without a running peer, and ls says until when', async () => {
    const [home, running] = [swarm.at('renewing'), swarm.at('peer-2')];
    [kept] = await Promise.all([put('a.bin', '--home', home), put('b.bin', '--home', running)]);
    const leaseMs = expect.toSatisfy((ms: number) => ms >= beganMs + 30 * 86_400_000);
    const beganMs = Date.now();
    const [all, one, stranger] = await Promise.all([
      swarm.run(['renew', '--home', home, '--json']),
      swarm.run(['renew', 'b.bin', '--home', running]),
      swarm.run(['renew', kept, '--home', swarm.at('other')]),
    ]);
    expect(jsonOf(all)).toMatchObject({ schema: 'shoal.renew/1', renewed: 1, files: [{ name: 'a.bin', link: kept, leaseMs }] });
    expect(one).toMatchObject({ status: 0, stdout: '', stderr: expect.stringMatching(/^b\.bin: kept until \d+ \w+ \d{4}\.\n$/) });
    expect(stranger).toMatchObject({ status: 5, stderr: expect.stringMatching(/^shoal: Only its owner can renew a file.*\n$/) });
    expect(jsonOf(await swarm.run(['ls', '--home', running, '--json']))['files']).toMatchObject([{ name: 'b.bin', version: 1, leaseMs }]);
  });

  test('[CLI-19] drop gives up what a holder has of one object, or everything', async () => {
    const home = swarm.at('peer-1');
    const before = (await swarm.peers[0]!.snapshot()).self;
    const { object } = jsonOf(await swarm.run(['stat', kept, '--json', '--home', home])) as unknown as { object: { recordKey: string } };
    const one = jsonOf(await swarm.run(['drop', object.recordKey, '--home', home, '--json']));
    expect(one).toMatchObject({ schema: 'shoal.drop/1', shards: expect.toSatisfy((shards: number) => shards >= 1) });
    const { self } = await swarm.peers[0]!.snapshot();
    expect([self.shards, self.used]).toEqual([before.shards - Number(one['shards']), before.used - Number(one['bytes'])]);
    const none = await swarm.run(['drop', object.recordKey, '--home', home]);
    expect(none).toMatchObject({ status: 3, stderr: 'shoal: Nothing of this object is held here.\n' });
    const all = await swarm.run(['drop', '--all', '--home', home]);
    expect(all).toMatchObject({ status: 0, stdout: '', stderr: expect.stringMatching(/^Given up: \d+ shards?, .*\.\n$/) });
    expect((await swarm.peers[0]!.snapshot()).self).toMatchObject({ shards: 0, used: 0 });
  });

  test('[CLI-19, CLI-3] drop is told what, and needs the running peer; a clock ahead is for one machine', async () => {
    const [neither, nobody, elsewhere] = await Promise.all([
      swarm.run(['drop', '--home', swarm.at('peer-1')]),
      swarm.run(['drop', '--all', '--home', swarm.at('nobody')]),
      run(['peer', '--home', swarm.at('ahead'), '--signaling', 'https://shoal.example.org', '--clock-offset', '31d']),
    ]);
    expect(neither).toMatchObject({ status: 2, stderr: 'shoal: give the record key of one object, or --all\n' });
    expect(nobody).toMatchObject({ status: 3, stderr: expect.stringMatching(/^shoal: No peer runs in /) });
    // [CONF-9]
    expect(elsewhere).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^shoal: --clock-offset is for tests on one machine.*\n$/),
    });
  });
});

describe('put --replace', () => {
  /** Link of a file of the usual home that has a second version, and its bytes. */
  let replaced: { readonly link: string; readonly content: Buffer };

  test('[CLI-20] stores the next version of an own file under its link, with or without a running peer; nobody else can', async () => {
    const [first, second] = await Promise.all(['report.txt', 'report 2.txt'].map((name) => swarm.file(name, 100_000)));
    const running = swarm.at('peer-1');
    const storing = ['home', 'peer-1'].map((home) => swarm.run(['put', first!.path, '--home', swarm.at(home)]));
    const [link, through] = (await Promise.all(storing)).map(lineOf);
    const [one, other, stranger, two] = await Promise.all([
      swarm.run(['put', second!.path, '--replace', 'report.txt', '--json']),
      swarm.run(['put', second!.path, '--replace', '-', '--home', running], { stdin: `${through}\n` }),
      swarm.run(['put', second!.path, '--replace', link!, '--home', swarm.at('other')]),
      swarm.run(['put', first!.path, second!.path, '--replace', 'report.txt']),
    ]);
    expect(jsonOf(one)).toMatchObject({ schema: 'shoal.put/1', files: [{ name: 'report 2.txt', version: 2, link }] });
    expect(other).toMatchObject({ status: 0, stdout: `${through}\n`, stderr: expect.stringMatching(/^report 2\.txt, version 2: /) });
    expect(stranger).toMatchObject({
      status: 5,
      stdout: '',
      stderr: expect.stringMatching(/^shoal: Only its owner can replace a file.*\n$/),
    });
    expect(two).toMatchObject({ status: 2, stdout: '', stderr: 'shoal: --replace takes one file\n' });

    const [got, listed] = await Promise.all([
      swarm.run(['get', link!, '--json', '--home', swarm.at('reader'), '--out', swarm.at('got')]),
      swarm.run(['ls', '--json']),
    ]);
    expect(jsonOf(got)).toMatchObject({ name: 'report 2.txt', version: 2 });
    expect(got.stderr).toMatch(/^report 2\.txt, version 2: 100\skB verified/);
    expect(await readFile(swarm.at('got'))).toEqual(second!.content);
    expect(jsonOf(listed)['files']).toMatchObject([{ name: 'report 2.txt', size: 100_000, version: 2, link }]);
    replaced = { link: link!, content: second!.content };
  });

  test('[CLI-20, CLI-6] interrupted leaves the version before as it was', async () => {
    const { path } = await swarm.file('large.bin', 60_000_000);
    const putting = swarm.start(['put', path, '--replace', replaced.link]);
    await until(async () => {
      const reserved = await Promise.all(swarm.peers.map(async (peer) => (await peer.snapshot()).self.reserved));
      expect(Math.max(...reserved)).toBeGreaterThan(0);
    });
    putting.child.kill('SIGINT');
    const words = 'shoal: large.bin was not stored: interrupted. Nothing of it stays. The version before is as it was.\n';
    expect(await putting.ended).toMatchObject({ status: 130, stdout: '', stderr: words });
    const [got, listed] = await Promise.all([swarm.run(['get', replaced.link, '--out', '-']), swarm.run(['ls', '--json'])]);
    expect(got.bytes).toEqual(replaced.content);
    expect(jsonOf(listed)['files']).toMatchObject([{ name: 'report 2.txt', version: 2, link: replaced.link }]);
  });
});
