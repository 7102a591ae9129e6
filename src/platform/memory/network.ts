import { bigEndian } from '../../core/bytes/integers.ts';
import { concatBytes } from '../../core/bytes/compare.ts';
import { toHex, toUtf8 } from '../../core/bytes/text.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import type { Clock, Dialer, Introduction, Random, SignalData, Signaling } from '../../peer/ports.ts';
import { fingerprintOf, memoryDialer } from './dialer.ts';
import type { Negotiations } from './dialer.ts';
import type { LinkPair } from './link.ts';
import { memorySignaling } from './signaling.ts';
import type { Intercept } from './signaling.ts';

export interface NetworkOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** One way, links and signaling alike. */
  readonly latencyMs: number;
  /** Up to this much more per frame, drawn from `random`; order is kept. */
  readonly jitterMs?: number;
  /** Upload rate of each end of a link; unlimited when absent. */
  readonly bytesPerSecond?: number;
  /** What the signaling server does to negotiations: nothing when absent. */
  readonly intercept?: Intercept;
  /** Why a dial fails before it opens: it does not when undefined is returned. */
  readonly failDial?: (from: string, to: string) => string | undefined;
}

export interface MemoryNetwork {
  /** The ports of one peer. `fingerprint` stands for its DTLS certificate; one of its own by default. */
  peer(introduction: Introduction, fingerprint?: string): { readonly signaling: Signaling; readonly dialer: Dialer };
  /** A dialer outside signaling, for whoever sits in the middle. */
  dialer(name: string, fingerprint?: string): Dialer;
  /** How many links are open between each two peers that have any, by both names in rising order. */
  openLinks(): ReadonlyMap<string, number>;
  /** Ends every link between two peers, frames on their way included. */
  cut(a: string, b: string): void;
  setSignaling(up: boolean): void;
  /** What a hostile signaling server can do: data that `from` never sent. */
  deliver(from: string, to: string, data: SignalData): void;
  /** Hash over (time, from, to, frame) of every frame that arrived, in order: equal runs have equal hashes. */
  traceHash(): string;
}

/** A whole network in memory, deterministic under a virtual clock and a seeded random. */
export function memoryNetwork(options: NetworkOptions): MemoryNetwork {
  const { clock, random, latencyMs, jitterMs = 0 } = options;
  const pairs: { readonly pair: LinkPair; readonly between: ReadonlySet<string> }[] = [];
  let trace = new Uint8Array(32);

  const negotiations: Negotiations = {
    channel: {
      clock,
      bytesPerSecond: options.bytesPerSecond,
      latencyMs: () => latencyMs + (jitterMs === 0 ? 0 : (jitterMs * random.bytes(1)[0]!) / 255),
      delivered(from, to, frame) {
        const time = bigEndian(clock.now(), 8);
        trace = new Uint8Array(sha256(concatBytes(trace, time, toUtf8(`${from}>${to}`), frame)));
      },
    },
    ends: new Map(),
    opened: (pair, a, b) => void pairs.push({ pair, between: new Set([a, b]) }),
    fails: options.failDial ?? (() => undefined),
  };
  const server = memorySignaling(clock, latencyMs, options.intercept ?? ((_from, _to, data) => data));
  const dialer = (name: string, fingerprint = fingerprintOf(name)): Dialer => memoryDialer(negotiations, name, fingerprint);

  return {
    peer: (introduction, fingerprint) => ({
      signaling: server.client(introduction),
      dialer: dialer(introduction.node, fingerprint),
    }),
    dialer,
    openLinks() {
      const open = new Map<string, number>();
      for (const { pair, between } of pairs) {
        const key = [...between].sort().join(' ');
        if (pair.isOpen()) open.set(key, (open.get(key) ?? 0) + 1);
      }
      return open;
    },
    cut(a, b) {
      for (const { pair, between } of pairs) if (between.has(a) && between.has(b)) pair.cut();
    },
    setSignaling: server.setUp,
    deliver: server.deliver,
    traceHash: () => toHex(trace),
  };
}
