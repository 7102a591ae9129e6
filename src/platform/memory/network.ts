import type { Clock, Dialer, Introduction, SignalData, Signaling } from '../../peer/ports.ts';
import { type Conditions, createConditions, type Trouble } from './conditions.ts';
import { fingerprintOf, memoryDialer } from './dialer.ts';
import type { Negotiations } from './dialer.ts';
import type { LinkPair, Path } from './link.ts';
import { seededRandom } from './random.ts';
import { memorySignaling } from './signaling.ts';
import type { Intercept } from './signaling.ts';

export interface NetworkOptions {
  readonly clock: Clock;
  /** What the jitter of each link is drawn from. */
  readonly seed: string;
  /** One way, links and signaling alike. */
  readonly latencyMs: number;
  /** Up to this much more per frame; order is kept. */
  readonly jitterMs?: number;
  /** Upload rate of each end of a link; unlimited when absent. */
  readonly bytesPerSecond?: number;
  /** What the signaling server does to negotiations: nothing when absent. */
  readonly intercept?: Intercept;
  /** Why a dial fails before it opens: it does not when undefined is returned. */
  readonly failDial?: (from: string, to: string) => string | undefined;
  /** Told of every frame that arrives. */
  readonly delivered?: (from: string, to: string, frame: Uint8Array) => void;
}

export interface MemoryNetwork {
  /** The ports of one peer. `fingerprint` stands for its DTLS certificate; one of its own by default. */
  peer(introduction: Introduction, fingerprint?: string): { readonly signaling: Signaling; readonly dialer: Dialer };
  /** A dialer outside signaling, for whoever sits in the middle. */
  dialer(name: string, fingerprint?: string): Dialer;
  /** How many links are open between each two peers that have any, by both names in rising order. */
  openLinks(): ReadonlyMap<string, number>;
  /** Links and negotiations that are kept in mind: those that are over are not. */
  kept(): number;
  /** Ends every link between two peers, frames on their way included. */
  cut(a: string, b: string): void;
  /** Nothing passes any more over the links that a peer has now, as when its process has died; 30 s later they are gone. */
  sever(node: string): void;
  /** Begins a trouble; the returned function ends it. A link that lets nothing through one way is gone after 30 s. */
  trouble(trouble: Trouble): () => void;
  /** Takes the signaling server away, or brings it back: for everyone, or for one peer. */
  setSignaling(up: boolean, node?: string): void;
  /** What a hostile signaling server can do: data that `from` never sent. */
  deliver(from: string, to: string, data: SignalData): void;
}

/** A whole network in memory, deterministic under a virtual clock and a seed. */
export function memoryNetwork(options: NetworkOptions): MemoryNetwork {
  const { clock, latencyMs, failDial } = options;
  /** The open links, each with the names of both ends. */
  const pairs = new Map<LinkPair, readonly [string, string]>();
  const conditions = createConditions(() => {
    for (const pair of [...pairs.keys()]) pair.changed();
  });
  let dials = 0;

  const negotiations: Negotiations = {
    channel: { clock, path: (from, to) => pathOf(options, conditions, from, to), delivered: options.delivered ?? (() => {}) },
    ends: new Map(),
    next: () => ++dials,
    opened: (pair, ...between) => void pairs.set(pair, between),
    over: (pair) => void pairs.delete(pair),
    fails: (from, to) => failDial?.(from, to) ?? conditions.failsDial(from, to),
  };
  const server = memorySignaling(clock, latencyMs, options.intercept ?? ((_from, _to, data) => data));
  const dialer = (name: string, fingerprint = fingerprintOf(name)): Dialer => memoryDialer(negotiations, name, fingerprint);
  const pairsOf = (...names: readonly string[]): LinkPair[] =>
    [...pairs].filter(([, between]) => names.every((name) => between.includes(name))).map(([pair]) => pair);

  return {
    peer: (introduction, fingerprint) => ({
      signaling: server.client(introduction),
      dialer: dialer(introduction.node, fingerprint),
    }),
    dialer,
    openLinks() {
      const open = new Map<string, number>();
      for (const between of pairs.values()) {
        const key = between.toSorted().join(' ');
        open.set(key, (open.get(key) ?? 0) + 1);
      }
      return open;
    },
    kept: () => pairs.size + negotiations.ends.size,
    cut(a, b) {
      for (const pair of pairsOf(a, b)) pair.cut();
    },
    sever(node) {
      for (const pair of pairsOf(node)) pair.sever();
    },
    trouble: (trouble) => conditions.begin(trouble),
    setSignaling: server.setUp,
    deliver: server.deliver,
  };
}

/** Each end of each link has a stream of randomness of its own, so that a fault at one place moves nothing at another. */
function pathOf(
  { clock, seed, latencyMs, jitterMs = 0, bytesPerSecond = Infinity }: NetworkOptions,
  now: Conditions,
  from: string,
  to: string,
): Path {
  const random = seededRandom(`${seed}/${from}>${to}/${clock.now()}`);
  const jitter = (): number => (jitterMs === 0 ? 0 : (jitterMs * random.bytes(1)[0]!) / 255);
  return {
    delayMs: () => latencyMs + jitter() + now.extraMs(from, to),
    bytesPerSecond: () => Math.min(bytesPerSecond, now.bytesPerSecond(from, to)),
    isBlocked: () => now.isBlocked(from, to),
  };
}
