import { lstat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { homePaths } from '../src/platform/node/home.ts';
import { endAll, jsonOf } from './run.testing.ts';
import { lineOf, startMs, startSwarm, type Swarm, type SwarmPeer, until } from './swarm.testing.ts';

let swarm: Swarm;
/** The peer that the tests end, kill and start again. */
let tried: SwarmPeer;

beforeAll(async () => {
  swarm = await startSwarm(2);
  tried = await swarm.peer(swarm.at('tried'));
  await swarm.met([tried, ...swarm.peers], 2);
}, startMs);
afterAll(async () => {
  await swarm?.stop();
  await endAll();
});

const status = async (home: string): Promise<{ self: { node: string; shards: number; signaling: string }; peers: number }> =>
  jsonOf(await swarm.run(['status', '--home', home, '--json'])) as never;

describe('a running peer', () => {
  test('[LOCAL-1] has a socket that only its user can open', async () => {
    const { mode } = await lstat((await homePaths(tried.home)).socket);
    expect((mode & 0o777).toString(8)).toBe('600');
  });

  test('[CLI-4] says how it is, and what it knows of others', async () => {
    const [facts, json, peers, table] = await Promise.all([
      swarm.run(['status', '--home', tried.home]),
      swarm.run(['status', '--home', tried.home, '--json']),
      swarm.run(['peers', '--home', tried.home, '--json']),
      swarm.run(['peers', '--home', tried.home]),
    ]);
    expect(facts).toMatchObject({ status: 0, stderr: '' });
    expect(facts.stdout).toMatch(/^peer {7}[0-9a-f]{64}\nswarm {6}shoal\nsignaling {2}joined, ws:\S+\npeers {6}2 live\nlent {7}100 MB\n/);
    expect(jsonOf(json)).toMatchObject({
      schema: 'shoal.status/1',
      peers: 2,
      self: { signaling: 'joined', capacity: 100_000_000, shards: 0 },
    });
    const known = jsonOf(peers);
    expect(known).toMatchObject({ schema: 'shoal.peers/1', peers: [{ state: 'live' }, { state: 'live' }] });
    expect(table.stdout).toMatch(/^PEER {14}STATE {2}LENT {4}USED {2}DOMAIN\n([0-9a-f]{16} {2}live {3}100 MB {2}0 B {3}-\n){2}$/);

    const [{ node }] = known.peers as [{ node: string }];
    const [one, none] = await Promise.all([
      swarm.run(['inspect', 'peer', node.slice(0, 12), '--home', tried.home, '--json']),
      swarm.run(['inspect', 'peer', 'x', '--home', tried.home]),
    ]);
    expect(jsonOf(one)).toMatchObject({ schema: 'shoal.inspect-peer/1', peer: { node, linked: true } });
    expect(none).toMatchObject({ status: 3, stdout: '', stderr: expect.stringMatching(/^shoal: No peer is known .*\n$/) });
  });

  test('[CLI-2] whose home is taken says by which process, with status 1', async () => {
    const second = await swarm.run(['peer', '--home', tried.home]);
    expect(second).toMatchObject({ status: 1, stdout: '' });
    expect(second.stderr).toMatch(new RegExp(`^shoal: Process ${tried.running.child.pid} runs a peer in .*\\n$`));
  });

  test('[CLI-2, CLI-3] is not started by a wrong call', async () => {
    const [capacity, swarmName, home] = await Promise.all([
      swarm.run(['peer', '--home', swarm.at('wrong'), '--capacity', 'lots']),
      swarm.run(['peer', '--home', swarm.at('wrong'), '--swarm', 'a/b']),
      swarm.run(['peer', '--home', '/dev/null']),
    ]);
    for (const { status: ended, stdout, stderr } of [capacity, swarmName, home]) {
      expect({ ended, stdout }).toEqual({ ended: 2, stdout: '' });
      expect(stderr).toMatch(/^shoal: .+\n$/);
    }
  });

  test('[LOCAL-1] where none runs, status and inspect peer say so with status 3, and make no home', async () => {
    const home = swarm.at('nobody');
    const endings = await Promise.all([
      swarm.run(['status', '--home', home]),
      swarm.run(['inspect', 'peer', '0', '--home', home]),
      swarm.run(['inspect', 'shards', '--home', home]),
    ]);
    for (const { status: ended, stdout, stderr } of endings) {
      expect({ ended, stdout }).toEqual({ ended: 3, stdout: '' });
      expect(stderr).toMatch(/^shoal: .*nobody.*\n$/);
    }
    await expect(lstat(home)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('metrics and log', () => {
  test('[LOCAL-2] that takes the home of a put under way costs it its place in the list, and nothing else', async () => {
    const home = swarm.at('shared');
    const { path, content } = await swarm.file('shared.bin', 20_000_000);
    // The link alone says where the swarm is.
    const put = swarm.start(['put', path, '--home', home, '--k', '1', '--m', '2']);
    // It sends already, and so found that no peer runs in its home.
    const coming = async (): Promise<number> => (await tried.snapshot()).self.reserved;
    await until(async () => expect(await coming()).toBeGreaterThan(0));
    const peer = await swarm.peer(home);
    const link = lineOf(await put.ended);
    expect(put.stderr()).toMatch(/what this command stores is not in its list/);
    const got = await swarm.run(['get', link, '-o', '-', '--home', swarm.at('nobody')], { env: { SHOAL_SIGNALING: '' } });
    expect(got.bytes.equals(content)).toBe(true);
    expect(jsonOf(await swarm.run(['ls', '--home', home, '--json']))).toMatchObject({ files: [] });
    await peer.leave();
  });

  test('[METRIC-1, METRIC-2, LOCAL-3] metrics are Prometheus text; neither they nor the log hold ids, names or capabilities', async () => {
    const lender = await swarm.peer(swarm.at('measured'), '--metrics-port', '0', '--log-level', 'debug');
    const [, url] = await lender.running.says(/Metrics are at (http:\/\/127\.0\.0\.1:\d+\/metrics)\./);
    await swarm.met([lender], 3);
    const { path } = await swarm.file('a-private-name.bin', 30_000);
    const link = lineOf(await swarm.run(['put', path, '--home', lender.home]));
    for (const args of [
      ['get', link, '-o', '-'],
      ['verify', link],
      ['put', swarm.at('no-such-name.bin')],
    ])
      await swarm.run([...args, '--home', lender.home]);

    const answer = await fetch(url!);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    const samples = samplesOf(text);
    const valueOf = (start: string): number => Number(samples.find(({ name }) => name.startsWith(start))?.value);
    expect(valueOf('shoal_build_info{version="0.1.0"')).toBe(1);
    expect(valueOf('shoal_peers{state="live"}')).toBe(3);
    expect(valueOf('shoal_shards')).toBe(0);
    expect(valueOf('shoal_capacity_bytes')).toBe(100_000_000);
    expect(valueOf('shoal_signaling_joined')).toBe(1);
    for (const direction of ['sent', 'received']) {
      const carried = samples.filter(({ name }) => name.startsWith(`shoal_transferred_bytes_total{direction="${direction}"`));
      expect(carried.reduce((sum, { value }) => sum + Number(value), 0)).toBeGreaterThan(30_000);
    }
    expect(samples.some(({ name }) => /^shoal_request_duration_seconds_bucket\{.*kind="store".*side="asked"/.test(name))).toBe(true);
    expect(samples.filter(({ name }) => /[0-9a-f]{16}/.test(name))).toEqual([]);

    expect((await fetch(new URL('/', url))).status).toBe(404);
    const taken = await swarm.run(['peer', '--home', swarm.at('taken'), '--metrics-port', new URL(url!).port]);
    expect(taken).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/\nshoal: .*--metrics-port\.\n$/) });

    const { status: ended, stderr, stdout } = await lender.leave();
    expect({ ended, stdout }).toEqual({ ended: 0, stdout: '' });
    expect(stderr).toContain('"event":');
    for (const secret of ['-name.bin', link.slice(-40, -20), link.slice(-90, -70)]) expect(text + stderr).not.toContain(secret);
  });
});

describe('the end of a peer', () => {
  let node: string;
  let shards: number;
  let link: string;
  beforeAll(async () => {
    const { path } = await swarm.file('kept.bin', 300_000);
    // Three of each, so that the tried peer has one.
    link = lineOf(await swarm.run(['put', path, '--k', '1', '--m', '2']));
    const { self } = await status(tried.home);
    ({ node, shards } = self);
    expect(shards).toBeGreaterThan(0);
  }, startMs);

  test('[LOCAL-4] by SIGTERM is in order: status 0, others see it away at once, the home is free', async () => {
    const ended = await tried.leave();
    expect(ended).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Peer [0-9a-f]{16} lends 100 MB in .*\.\nLeaving\.\n$/),
    });
    for (const other of swarm.peers) await until(async () => expect(await stateOf(other, node)).toBe('away'));
    await expect(lstat((await homePaths(tried.home)).socket)).rejects.toMatchObject({ code: 'ENOENT' });
    const held = await swarm.run(['inspect', 'shards', '--home', tried.home, '--json']);
    const places = jsonOf(held);
    expect(places.schema).toBe('shoal.inspect-shards/1');
    expect(places.shards).toHaveLength(shards);

    tried = await swarm.peer(tried.home);
    expect((await status(tried.home)).self).toMatchObject({ node, shards });
  });

  test('[LOCAL-1] by SIGKILL leaves a socket that the next one replaces; it is the same peer and holds what it held', async () => {
    await swarm.met([tried], 2);
    await tried.kill();
    const { socket } = await homePaths(tried.home);
    expect((await lstat(socket)).isSocket()).toBe(true);
    // A command is not held up by it either.
    expect((await swarm.run(['status', '--home', tried.home])).status).toBe(3);

    tried = await swarm.peer(tried.home);
    expect(((await lstat(socket)).mode & 0o777).toString(8)).toBe('600');
    expect((await status(tried.home)).self).toMatchObject({ node, shards });
    await swarm.met([tried, ...swarm.peers], 2);
    expect(jsonOf(await swarm.run(['verify', link, '--json']))).toMatchObject({ counts: { ok: 3, wrong: 0, missing: 0, unreachable: 0 } });
  });
});

const stateOf = async (peer: SwarmPeer, node: string): Promise<string | undefined> =>
  (await peer.snapshot()).peers.find((each) => each.node === node)?.state;

/** Name with labels, and value, of each sample. Throws when a line is no sample and no comment. */
function samplesOf(text: string): { readonly name: string; readonly value: string }[] {
  const lines = text.split('\n').filter((line) => line !== '' && !/^# (HELP|TYPE) \w+ /.test(line));
  return lines.map((line) => {
    const [, name, value] = /^(\w+(?:\{(?:\w+="[^"]*",?)*\})?) (-?[\d.e+-]+|NaN|\+Inf)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`);
    return { name, value };
  });
}
