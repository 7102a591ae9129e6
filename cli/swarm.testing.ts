import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Snapshot } from '../src/peer/snapshot.ts';
import { isLong } from '../test/long.ts';
import { homePaths } from '../src/platform/node/home.ts';
import { controlClient } from './daemon/control-client.ts';
import { type Ended, endAll, type Running, type RunOptions, start } from './run.testing.ts';

/** Bounds of one test file: peers that outlive it end by themselves, and so does a wait for what never comes, ms. */
const peerLimitMs = isLong ? 1_800_000 : 300_000;
const waitMs = 30_000;
/** For the hooks that start swarms, ms. */
export const startMs = 60_000;

/** A running `shoal peer`. */
export interface SwarmPeer {
  readonly home: string;
  readonly running: Running;
  /** As its control socket tells it. */
  snapshot(): Promise<Snapshot>;
  /** SIGTERM, and how it ended. */
  leave(): Promise<Ended>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** A signaling server and peers that lend, as processes of the built program, with one folder for all that they and the tests write. */
export interface Swarm {
  readonly url: string;
  readonly peers: readonly SwarmPeer[];
  /** A path in the folder. */
  at(...names: string[]): string;
  /** Starts a command in this swarm; its home is `home` in the folder unless the arguments name another. */
  start(args: readonly string[], options?: RunOptions): Running;
  /** Runs a command in this swarm to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** A further peer; resolves once it lends. */
  peer(home: string, ...more: string[]): Promise<SwarmPeer>;
  /** Resolves once so many others are live for each of these peers. */
  met(peers: readonly SwarmPeer[], others: number): Promise<void>;
  /** A file of random bytes in the folder. */
  file(name: string, bytes: number): Promise<{ readonly path: string; readonly content: Buffer }>;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
}

/** Starts the signaling server and `count` peers, each with the flags `more`, that know each other. */
export async function startSwarm(count: number, ...more: string[]): Promise<Swarm> {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-swarm-'));
  const at = (...names: string[]): string => join(folder, ...names);
  const server = start(['serve', '--port', '0', '--peers', '0', '--home', at('server')], { limitMs: peerLimitMs });
  const [url] = await server.says(/http:\/\/localhost:\d+/);
  const begin = (args: readonly string[], { env, ...options }: RunOptions = {}): Running =>
    start(args, { cwd: folder, ...options, env: { SHOAL_SIGNALING: url, SHOAL_HOME: at('home'), ...env } });

  const peer = async (home: string, ...flags: string[]): Promise<SwarmPeer> => {
    const args = ['peer', '--home', home, '--capacity', '100MB', '--log-level', 'silent', ...flags];
    const running = begin(args, { limitMs: peerLimitMs });
    await running.says(/ lends /);
    const snapshot = async (): Promise<Snapshot> => {
      const found = await controlClient((await homePaths(home)).socket);
      if (found === undefined) throw new Error(`no peer answers in ${home}`);
      return found.access.snapshot();
    };
    const end = (signal: NodeJS.Signals): Promise<Ended> => {
      running.child.kill(signal);
      return running.ended;
    };
    return { home, running, snapshot, leave: () => end('SIGTERM'), kill: async () => void (await end('SIGKILL')) };
  };
  const met = (peers: readonly SwarmPeer[], others: number): Promise<void> =>
    until(async () => {
      for (const each of peers) {
        const live = (await each.snapshot()).peers.filter(({ state, linked, capacity }) => state === 'live' && linked && capacity > 0);
        if (live.length < others) throw new Error(`${each.home} has met ${live.length} of ${others} others`);
      }
    });
  const stop = async (): Promise<void> => {
    await endAll();
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const peers = await Promise.all(Array.from({ length: count }, (_, i) => peer(at(`peer-${i + 1}`), ...more)));
    await met(peers, count - 1);
    return {
      ...{ url, peers, at, peer, met, stop },
      start: begin,
      run: (args, options) => begin(args, options).ended,
      async file(name, bytes) {
        const [path, content] = [at(name), randomBytes(bytes)];
        await mkdir(join(path, '..'), { recursive: true });
        await writeFile(path, content);
        return { path, content };
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves once `check` no longer throws. */
export async function until(check: () => Promise<void> | void): Promise<void> {
  await vi.waitFor(check, { timeout: waitMs, interval: 100 });
}

/** The only line of an output, such as the link that `put` prints. */
export function lineOf({ stdout, stderr, status }: Ended): string {
  const lines = stdout.split('\n');
  if (status !== 0 || lines.length !== 2) throw new Error(`one line and status 0 were expected, not ${status}: ${stdout}${stderr}`);
  return lines[0]!;
}
