import type { CoderFactory } from '../core/erasure/coder.ts';
import { nodeId } from '../core/crypto/keys.ts';
import { ShoalError } from '../core/errors.ts';
import { kinds } from '../core/wire/kinds.ts';
import type { Links } from '../peer/links/exchange.ts';
import { createPeer, type Peer, type PeerOptions } from '../peer/peer.ts';
import type { Crypto, Identity, Log } from '../peer/ports.ts';
import { createUpkeep } from '../peer/upkeep.ts';
import { inProcessCodec } from '../platform/memory/codec.ts';
import { type VirtualClock, virtualClock } from '../platform/memory/clock.ts';
import { memoryIdentity } from '../platform/memory/identity.ts';
import { memoryMetaStore, type ValueDisk } from '../platform/memory/meta-store.ts';
import { type MemoryNetwork, memoryNetwork, type NetworkOptions } from '../platform/memory/network.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryShardStore, type ShardDisk, shardDisk } from '../platform/memory/shard-store.ts';
import { createDevice, type Device } from './device.ts';
import { deviceMeta, deviceShards } from './disk.ts';
import { calm, type Faults } from './faults.ts';
import { gated } from './gate.ts';
import { type PeerClock, peerClock, type Skew } from './peer-clock.ts';
import { type RawPeer, rawPeer } from './raw-peer.ts';
import { createTrace, type Trace } from './trace.ts';

/** One life of a simulated peer, from its start on, with what may be looked at or broken from outside. */
export interface SimulatedPeer {
  readonly node: string;
  readonly peer: Peer;
  readonly identity: Identity;
  readonly disk: ShardDisk;
  readonly values: ValueDisk;
  /** As the peer has it: it may be wrong, or frozen. */
  readonly clock: PeerClock;
  readonly device: Device;
  /** Which peer it is, in the order of joining, and which of its lives, both from 0. */
  readonly index: number;
  readonly life: number;
  /** Ends it as SIGKILL does: without a word, its links left open at their other ends. */
  kill(): void;
}

export interface JoinOptions {
  /** Failure domain that signaling tells. */
  readonly domain?: string;
  /** Signaling tells that it is on its own machine. */
  readonly local?: true;
  /** A peer that was stopped: the new one has its identity and disks. */
  readonly again?: SimulatedPeer;
  /** How its clock is wrong. */
  readonly skew?: Skew;
  /** It knows no request that came after the digests: it answers those as a version does that is older. */
  readonly older?: boolean;
  /** What is set of this peer beside its parts. */
  readonly options?: Pick<PeerOptions, 'caps' | 'hints' | 'meter' | 'policy'>;
  /** Puts something around its ports. */
  readonly around?: (ports: PeerOptions) => PeerOptions;
}

/** A swarm of the shipped peer over a simulated network, disk, clock and randomness. The same seed gives the same run. */
export interface SimulatedSwarm {
  readonly seed: string;
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly crypto: Crypto;
  readonly trace: Trace;
  /** Begins to add a peer that lends `capacity` bytes: for events on the clock. Resolves when it has started, which takes the time of its disk. */
  start(capacity: number, options?: JoinOptions): Promise<SimulatedPeer>;
  /** The same from outside: runs until it has started. */
  join(capacity: number, options?: JoinOptions): Promise<SimulatedPeer>;
  /** Adds `count` peers and lets them find each other. */
  joinMany(count: number, capacity: number): Promise<SimulatedPeer[]>;
  /** Adds a peer of which only the links are real: a test speaks for it. */
  joinRaw(): Promise<RawPeer>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Runs until `done()` holds; throws when it does not within `limitMs`. */
  until(done: () => boolean, limitMs?: number): Promise<void>;
  /** Runs until `promise` settles and gives what it gave. */
  settled<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
}

export interface SwarmOptions extends Pick<NetworkOptions, 'failDial' | 'intercept' | 'delivered'> {
  readonly seed: string;
  /** Resolves once no microtask is left; in Node: `() => new Promise(setImmediate)`. */
  readonly drain: () => Promise<void>;
  /** Computes at once, like noble's or Node's: an answer that takes real time comes at no moment of the virtual one. */
  readonly crypto: Crypto;
  /** How slow network and disks are. What strikes now and then comes by a plan (plan.ts). */
  readonly faults?: Pick<Faults, 'network' | 'disk'>;
  /** Upload rate of each end of a link, instead of that of `faults`. */
  readonly bytesPerSecond?: number;
  readonly coder?: CoderFactory;
  /** What a peer logs. */
  readonly log?: (node: string, ...said: Parameters<Log>) => void;
}

/** Long enough for everyone to link and to say what is lent. */
const meetMs = 5_000;
const limitDefaultMs = 300_000;
const swarmName = 'simulated';

export function simulateSwarm(options: SwarmOptions): SimulatedSwarm {
  const { seed, drain, crypto, faults = calm, log = () => {} } = options;
  const clock = virtualClock(drain);
  const trace = createTrace(clock);
  const network = memoryNetwork({ ...options, ...networkOf(options, trace), clock });
  let joined = 0;

  const start: SimulatedSwarm['start'] = async (capacity, as = {}) => {
    const { domain, local, again, skew, older, around = (ports) => ports } = as;
    const [index, life] = again === undefined ? [joined++, 0] : [again.index, again.life + 1];
    const random = seededRandom(`${seed}/peer/${index}/${life}`);
    const identity = again?.identity ?? (await memoryIdentity(random, crypto));
    const node = nodeId(identity.node.publicKey);
    const { disk, values } = again ?? { disk: shardDisk(), values: new Map() };
    const own = peerClock(clock, skew);
    const { readMs, writeMs } = faults.disk;
    const device = createDevice({ clock: own, readMs, writeMs, durable: (what) => trace.note('disk', node, '', what) });
    const { kill, ...ports } = gated(network.peer({ node, domain, local }), own);
    const peer = createPeer(
      around({
        ...as.options,
        ...ports,
        clock: own,
        random,
        crypto,
        identity,
        shards: deviceShards(memoryShardStore(disk), disk, device),
        meta: deviceMeta(memoryMetaStore(values), device),
        codec: inProcessCodec(crypto, options.coder),
        log: (...said) => log(node, ...said),
        swarm: swarmName,
        upkeep: async () => (older === true ? olderUpkeep : createUpkeep),
        persisted: () => false,
      }),
    );
    await peer.start();
    await peer.contribute(capacity);
    return { node, peer, identity, disk, values, clock: own, device, index, life, kill };
  };
  const pass = (ms: number): Promise<void> => clock.run(clock.now() + ms);
  const until = async (done: () => boolean, limitMs = limitDefaultMs): Promise<void> => {
    if (!(await clock.runUntil(done, clock.now() + limitMs))) throw new Error(`it did not come to pass within ${limitMs} ms`);
  };
  const settled: SimulatedSwarm['settled'] = async (promise, limitMs) => {
    let over = false;
    const done = (): void => void (over = true);
    promise.then(done, done);
    await until(() => over, limitMs);
    return promise;
  };
  const join: SimulatedSwarm['join'] = (...who) => settled(start(...who));

  return {
    ...{ seed, clock, network, crypto, trace, start, join, pass, until, settled },
    async joinMany(count, capacity) {
      const peers: SimulatedPeer[] = [];
      for (let i = 0; i < count; i++) peers.push(await join(capacity));
      await pass(meetMs);
      return peers;
    },
    async joinRaw() {
      const random = seededRandom(`${seed}/raw/${joined++}`);
      const raw = await rawPeer({ clock, network, crypto, random, swarm: swarmName });
      await pass(meetMs);
      return raw;
    },
  };
}

/** How frames travel, and where each is noted. */
function networkOf({ seed, faults = calm, bytesPerSecond = faults.network.bytesPerSecond, delivered }: SwarmOptions, trace: Trace) {
  const { latencyMs, jitterMs } = faults.network;
  return {
    seed: `${seed}/network`,
    latencyMs,
    jitterMs,
    bytesPerSecond: bytesPerSecond === 0 ? Infinity : bytesPerSecond,
    delivered(from: string, to: string, frame: Uint8Array): void {
      trace.note('frame', to, from, frame);
      delivered?.(from, to, frame);
    },
  };
}

/** The last kind of request that there will be. */
const lastKind = 63;

/** Answers requests that came after the digests as a peer does that never heard of them. */
const olderUpkeep: typeof createUpkeep = (options) => {
  const made = createUpkeep(options);
  forgetNewer(options.links);
  return made;
};

/** One for all: the stack of an error costs more than the answer. */
const unknownError = new ShoalError('too-new', 'Requests of this kind are not known here.');

function forgetNewer(links: Links): void {
  for (let kind = kinds.digest + 1; kind <= lastKind; kind++) {
    links.handle(kind, () => Promise.reject(unknownError));
  }
}
