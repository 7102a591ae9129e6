import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { isLong } from '../../../test/long.ts';
import type { Churned } from './churn.testing.ts';
import type { FromEnd, ToEnd } from './link-end.testing.ts';

const built = (name: string) => fileURLToPath(new URL(`../../../dist/node/src/platform/node/${name}`, import.meta.url));

/** A process with one end of a link. */
class End {
  readonly heard: FromEnd[] = [];
  readonly process: ChildProcess;
  other: End | undefined;

  constructor() {
    this.process = fork(built('link-end.testing.js'));
    this.process.on('message', (message: FromEnd) => {
      this.heard.push(message);
      if (message.t === 'signal') this.other?.say({ t: 'signal', data: message.data });
    });
  }

  say(message: ToEnd): void {
    if (this.process.connected) this.process.send(message);
  }

  has(kind: FromEnd['t']): boolean {
    return this.heard.some(({ t }) => t === kind);
  }

  /** Leaves, and tells its exit code and how long that took. */
  async leave(): Promise<{ code: number | null; ms: number }> {
    const begunMs = performance.now();
    const exit = once(this.process, 'exit');
    this.say({ t: 'leave' });
    const [code] = (await exit) as [number | null];
    return { code, ms: performance.now() - begunMs };
  }
}

const ends: End[] = [];
afterEach(() => {
  for (const { process } of ends.splice(0)) process.kill('SIGKILL');
});

/** Two fresh processes that dial each other once; resolves when both have a link or one has failed. */
async function dialOnce(): Promise<readonly [End, End]> {
  const [a, b] = [new End(), new End()];
  ends.push(a, b);
  Object.assign(a, { other: b });
  Object.assign(b, { other: a });
  b.say({ t: 'dial', initiator: false });
  a.say({ t: 'dial', initiator: true });
  await expect.poll(() => (a.has('link') && b.has('link')) || a.has('failed') || b.has('failed'), { timeout: 20_000 }).toBe(true);
  return [a, b];
}

async function firstDials(count: number): Promise<void> {
  let connected = 0;
  const failures: FromEnd[] = [];
  const line = async (): Promise<void> => {
    for (let i = 0; i < count / 2; i++) {
      const pair = await dialOnce();
      if (pair.every((end) => end.has('link'))) connected++;
      failures.push(...pair.flatMap(({ heard }) => heard.filter(({ t }) => t === 'failed')));
      await Promise.all(pair.map((end) => end.leave()));
    }
  };
  await Promise.all([line(), line()]);
  expect({ connected, failures }).toEqual({ connected: count, failures: [] });
}

describe('links of Node processes', () => {
  test('[NRTC-3] the first dial between two fresh processes connects, 10 of 10', () => firstDials(10));
  test.runIf(isLong)('[NRTC-3] 100 of 100', () => firstDials(100), 300_000);

  test('[NRTC-4] 120 links made and closed in one process leave nothing open, no handle and no memory, and it ends by itself', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', built('churn.testing.js'), '6', '20'], {
      timeout: 60_000,
    });
    const churned = JSON.parse(stdout) as Churned;
    expect(churned).toMatchObject({ connected: 120, open: 0, activeAfter: churned.activeBefore });
    expect(churned.residentAfter - churned.residentBefore).toBeLessThan(30e6);
  });

  test('[NRTC-5] a process that leaves ends soon and well, and the other side hears its last frame and that it left', async () => {
    const [a, b] = await dialOnce();
    const { code, ms } = await a.leave();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_000);
    await expect.poll(() => b.has('closed'), { timeout: 5_000 }).toBe(true);
    expect(b.heard.slice(-2)).toEqual([
      { t: 'frame', bytes: 1_000 },
      { t: 'closed', bye: true },
    ]);
    expect(await b.leave()).toMatchObject({ code: 0 });
  });
});
