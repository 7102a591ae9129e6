import { join } from 'node:path';
import { expect } from '@playwright/test';
import { controlClient } from '../cli/daemon/control-client.ts';
import { jsonOf, run, type Running, start } from '../cli/run.testing.ts';
import { homePaths } from '../src/platform/node/home.ts';

/** A swarm of headless peers on this machine: processes of the built program, each with a home below `folder`. */
export class HeadlessPeers {
  readonly #url: string;
  readonly #folder: string;
  readonly #running = new Map<number, Running>();

  private constructor(url: string, folder: string) {
    this.#url = url;
    this.#folder = folder;
  }

  /** `count` peers, started and in the swarm of `url`. */
  static async start(url: string, folder: string, count: number): Promise<HeadlessPeers> {
    const peers = new HeadlessPeers(url, folder);
    await Promise.all(Array.from({ length: count }, (_, index) => peers.start(index)));
    return peers;
  }

  /** `more`: flags beside those that all have. */
  async start(index: number, ...more: readonly string[]): Promise<void> {
    const usual = ['--signaling', this.#url, '--capacity', '1GB', '--log-level', 'error'];
    const args = ['peer', '--home', this.home(index), ...usual, ...more];
    const running = start(args, { limitMs: 300_000 });
    this.#running.set(index, running);
    await running.says(/lends/);
  }

  home(index: number): string {
    return join(this.#folder, `peer-${index}`);
  }

  async end(index: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#running.get(index);
    this.#running.delete(index);
    running?.child.kill(signal);
    await running?.ended;
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((index) => this.end(index, 'SIGTERM')));
  }

  /** Runs a command that joins this swarm for its time; gives what it wrote to standard output. Fails unless it ends well. */
  async shoal(...args: readonly string[]): Promise<string> {
    const ended = await run([...args, '--signaling', this.#url, '--home', join(this.#folder, 'home')]);
    expect(ended.stderr + ended.stdout, `shoal ${args[0]}`).not.toContain('shoal: ');
    expect(ended.status).toBe(0);
    return ended.stdout.trim();
  }

  /** Bytes that each one that runs holds, in the order of their numbers, as their control sockets tell it. */
  used(): Promise<number[]> {
    const asked = [...this.#running.keys()].toSorted((a, b) => a - b);
    return Promise.all(
      asked.map(async (index) => {
        const peer = await controlClient((await homePaths(this.home(index))).socket);
        if (peer === undefined) throw new Error(`peer ${index} does not answer`);
        return (await peer.access.snapshot()).self.used;
      }),
    );
  }

  /** Shards of an object that live holders claim now. */
  async online(link: string): Promise<number> {
    const stdout = await this.shoal('stat', link, '--json');
    const { object } = jsonOf({ stdout }) as unknown as { object: { shards: readonly number[] } };
    return object.shards.filter((count) => count > 0).length;
  }
}
