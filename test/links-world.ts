import { nodeId } from '../src/core/crypto/keys.ts';
import type { ErrorCode, Verdict } from '../src/core/errors.ts';
import { type Bandwidth, capsOf } from '../src/peer/links/cap.ts';
import type { LinkBounds } from '../src/peer/links/connector.ts';
import type { Links, Session, SessionEnd } from '../src/peer/links/exchange.ts';
import { createLinks } from '../src/peer/links/links.ts';
import type { Dialer, Introduction, Signer } from '../src/peer/ports.ts';
import { type VirtualClock, virtualClock } from '../src/platform/memory/clock.ts';
import type { Path } from '../src/platform/memory/link.ts';
import { type MemoryNetwork, memoryNetwork, type NetworkOptions } from '../src/platform/memory/network.ts';
import { seededRandom } from '../src/platform/memory/random.ts';
import { nodeCrypto } from '../src/platform/node/crypto.ts';
import { createTrace, type Trace } from '../src/sim/trace.ts';

let drains = 0;

/**
 * Resolves once no microtask is left: what is due at the next tick comes when their queue is empty. Now and then a whole turn of the event
 * loop, five times as long, so that what is outside the simulation goes on too.
 */
export const drain = (): Promise<void> =>
  new Promise((resolve) => void (++drains % 256 === 0 ? setImmediate(resolve) : process.nextTick(resolve)));

/** A path on which nothing ever changes. */
export const steadyPath = (delayMs: number): Path => ({ delayMs: () => delayMs, bytesPerSecond: () => Infinity, isBlocked: () => false });

/** One peer of which only the links are real, and what they told it. */
export interface LinkedPeer {
  readonly node: string;
  readonly signer: Signer;
  readonly dialer: Dialer;
  readonly links: Links;
  readonly opened: Session[];
  readonly closed: { readonly node: string; readonly end: SessionEnd }[];
  readonly refused: { readonly node: string | undefined; readonly code: ErrorCode; readonly reason: string }[];
  readonly verdicts: Verdict[];
  introduced: readonly Introduction[];
}

export interface LinksWorld {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly trace: Trace;
  /** In rising order of NodeId: the first one dials all others. */
  readonly peers: readonly LinkedPeer[];
  /** Runs until `done()` holds; throws when it does not within `limitMs`. */
  until(done: () => boolean, limitMs?: number): Promise<void>;
  /** Runs until `promise` settles and gives what it gave. */
  settled<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

export interface WorldOptions extends Partial<Omit<NetworkOptions, 'clock' | 'seed' | 'delivered'>> {
  readonly peers: number;
  readonly seed?: string;
  readonly bounds?: LinkBounds;
  readonly swarmOf?: (index: number) => string;
  readonly bandwidthOf?: (index: number) => Bandwidth;
}

/** Peers with real links over a simulated network, not started. */
export async function linksWorld(options: WorldOptions): Promise<LinksWorld> {
  const seed = options.seed ?? 'links';
  const clock = virtualClock(drain);
  const trace = createTrace(clock);
  const network = memoryNetwork({
    latencyMs: 20,
    ...options,
    clock,
    seed: `${seed}/network`,
    delivered: (from, to, frame) => trace.note('frame', to, from, frame),
  });
  const crypto = nodeCrypto();
  const signers = await Promise.all(
    Array.from({ length: options.peers }, (_, i) => crypto.signer(seededRandom(`${seed}/node/${i}`).bytes(32))),
  );
  const peers = signers
    .map((signer) => ({ signer, node: nodeId(signer.publicKey) }))
    .sort((a, b) => (a.node < b.node ? -1 : 1))
    .map(({ signer, node }, index): LinkedPeer => {
      const { signaling, dialer } = network.peer({ node });
      const heard: Omit<LinkedPeer, 'links'> = { node, signer, dialer, opened: [], closed: [], refused: [], verdicts: [], introduced: [] };
      const links = createLinks({
        clock,
        random: seededRandom(`${seed}/peer/${index}`),
        crypto,
        identity: { node: signer },
        signaling,
        dialer,
        log: () => {},
        swarm: options.swarmOf?.(index) ?? 'test',
        caps: capsOf(options.bandwidthOf?.(index) ?? {}, clock),
        bounds: options.bounds,
        events: {
          opened: (session) => heard.opened.push(session),
          closed: (other, end) => heard.closed.push({ node: other, end }),
          peers: (known) => (heard.introduced = known),
          signaling() {},
          refused: (other, code, reason) => heard.refused.push({ node: other, code, reason }),
          verdict: (verdict) => heard.verdicts.push(verdict),
        },
      });
      return Object.assign(heard, { links });
    });

  const until = async (done: () => boolean, limitMs = 60_000): Promise<void> => {
    if (!(await clock.runUntil(done, clock.now() + limitMs))) throw new Error(`it did not come to pass within ${limitMs} ms`);
  };
  return {
    clock,
    network,
    trace,
    peers,
    until,
    async settled(promise, limitMs) {
      let settled = false;
      const done = (): void => void (settled = true);
      promise.then(done, done);
      await until(() => settled, limitMs);
      return promise;
    },
    pass: (ms) => clock.run(clock.now() + ms),
  };
}

/** Two peers with an open link; `a` is the initiator. */
export async function linkedPair(options: Omit<WorldOptions, 'peers'> = {}) {
  const world = await linksWorld({ ...options, peers: 2 });
  const [a, b] = world.peers as [LinkedPeer, LinkedPeer];
  a.links.start();
  b.links.start();
  await world.until(() => a.opened.length === 1 && b.opened.length === 1);
  return { ...world, a, b, fromA: a.opened[0]!, fromB: b.opened[0]! };
}
