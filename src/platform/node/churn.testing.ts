// Connects and disconnects in one process, many times, and says as JSON what is left of it.
import type { Dialing, Link } from '../../peer/ports.ts';
import { nodeDialer } from './dialer.ts';

/** What the program prints. */
export interface Churned {
  readonly connected: number;
  /** Connections of both ends not closed at the end. */
  readonly open: number;
  /** Resident bytes after the first round and at the end. */
  readonly residentBefore: number;
  readonly residentAfter: number;
  /** Resources that keep the process alive. */
  readonly activeBefore: number;
  readonly activeAfter: number;
}

const dialers = [nodeDialer(() => []), nodeDialer(() => [])] as const;

/** One link between the two dialers, one frame over it, and its end; resolves when both sides have seen it closed. */
async function connectOnce(): Promise<void> {
  const dialings: Dialing[] = [];
  const links = dialers.map(
    (dialer, side) =>
      new Promise<Link>((resolve, reject) => {
        const failed = (reason: string): void => reject(new Error(reason));
        dialings[side] = dialer.dial('', side === 0, { signal: (data) => dialings[1 - side]?.signal(data), link: resolve, failed });
      }),
  );
  const [a, b] = (await Promise.all(links)) as [Link, Link];
  const closed = [a, b].map((link) => new Promise((resolve) => link.listen({ frame: () => b.close(), drained() {}, closed: resolve })));
  a.send(new Uint8Array(1_000));
  await Promise.all(closed);
}

/** `count` at the same time. */
const round = (count: number): Promise<unknown> => Promise.all(Array.from({ length: count }, connectOnce));

const active = (): number => process.getActiveResourcesInfo().length;
/** What was closed is freed a moment later, in the library's threads. */
async function settle(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

const [rounds, atOnce] = process.argv.slice(2).map(Number) as [number, number];
await round(atOnce);
const residentBefore = await settle();
const activeBefore = active();
for (let i = 1; i < rounds; i++) await round(atOnce);
const residentAfter = await settle();
const open = dialers.reduce((sum, dialer) => sum + dialer.open, 0);
const result: Churned = { connected: rounds * atOnce, open, residentBefore, residentAfter, activeBefore, activeAfter: active() };
process.stdout.write(JSON.stringify(result));
