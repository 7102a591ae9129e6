import { nodeId } from '../core/crypto/keys.ts';
import { createPeer, type Peer, type PeerOptions } from '../peer/peer.ts';
import type { Codec, Crypto, Identity, MetaStore, Sink } from '../peer/ports.ts';
import { inProcessCodec, type MemoryFile } from '../platform/memory/codec.ts';
import { type VirtualClock, virtualClock } from '../platform/memory/clock.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { memoryIdentity } from '../platform/memory/identity.ts';
import { memoryMetaStore, type ValueDisk } from '../platform/memory/meta-store.ts';
import { type MemoryNetwork, memoryNetwork, type NetworkOptions } from '../platform/memory/network.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryShardStore, type ShardDisk, shardDisk } from '../platform/memory/shard-store.ts';
import { killable } from './killed.ts';
import { type RawPeer, rawPeer } from './raw-peer.ts';

/** One simulated peer with what a test may look at or break from outside. */
export interface SimulatedPeer {
  readonly node: string;
  readonly peer: Peer;
  readonly identity: Identity;
  readonly disk: ShardDisk;
  readonly values: ValueDisk;
  /** Ends it as SIGKILL does: without a word, its links left open at their other ends. */
  kill(): void;
}

export interface JoinOptions {
  /** Failure domain that signaling tells. */
  readonly domain?: string;
  /** Signaling tells that it is on its own machine. */
  readonly local?: true;
  /** What is set of this peer beside its parts. */
  readonly options?: Pick<PeerOptions, 'caps' | 'hints' | 'meter'>;
  /** A peer that was stopped: the new one has its identity and disks. */
  readonly again?: SimulatedPeer;
  /** Puts something around the codec, to look at what is asked of it. */
  readonly codec?: (inner: Codec) => Codec;
  /** The same around its MetaStore. */
  readonly meta?: (inner: MetaStore) => MetaStore;
}

/** A swarm of the shipped peer over a simulated network, disk, clock and randomness. The same seed gives the same run. */
export interface SimulatedSwarm {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly crypto: Crypto;
  /** Adds a peer and starts it; it lends `capacity` bytes. */
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

const latencyMs = 20;
const jitterMs = 10;
/** Long enough for everyone to link and to say what is lent. */
const meetMs = 5_000;
const limitDefaultMs = 300_000;
const swarmName = 'simulated';

/**
 * @param drain resolves once no microtask is left; in Node: `() => new Promise(setImmediate)`
 * @param faults what the network does wrong, or slowly
 * @param crypto noble's, unless signatures are not the subject and would take too long
 */
export function simulateSwarm(
  seed: string,
  drain: () => Promise<void>,
  faults: Pick<NetworkOptions, 'bytesPerSecond' | 'failDial'> = {},
  crypto: Crypto = nobleCrypto(),
): SimulatedSwarm {
  const clock = virtualClock(drain);
  const network = memoryNetwork({ ...faults, clock, random: seededRandom(`${seed}/network`), latencyMs, jitterMs });
  let joined = 0;

  const join: SimulatedSwarm['join'] = async (
    capacity,
    { domain, local, again, codec = (inner: Codec) => inner, meta = (inner: MetaStore) => inner, options = {} } = {},
  ) => {
    const random = seededRandom(`${seed}/peer/${joined++}`);
    const identity = again?.identity ?? (await memoryIdentity(random, crypto));
    const node = nodeId(identity.node.publicKey);
    const { disk, values } = again ?? { disk: shardDisk(), values: new Map() };
    const { kill, ...ports } = killable(network.peer({ node, domain, local }));
    const peer = createPeer({
      ...options,
      ...ports,
      clock,
      random,
      crypto,
      identity,
      shards: memoryShardStore(disk),
      meta: meta(memoryMetaStore(values)),
      codec: codec(inProcessCodec(crypto)),
      log: () => {},
      swarm: swarmName,
      persisted: () => false,
    });
    await peer.start();
    await peer.contribute(capacity);
    return { node, peer, identity, disk, values, kill };
  };
  const pass = (ms: number): Promise<void> => clock.run(clock.now() + ms);
  const until = async (done: () => boolean, limitMs = limitDefaultMs): Promise<void> => {
    if (!(await clock.runUntil(done, clock.now() + limitMs))) throw new Error(`it did not come to pass within ${limitMs} ms`);
  };

  return {
    clock,
    network,
    crypto,
    join,
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
    pass,
    until,
    async settled(promise, limitMs) {
      let over = false;
      const done = (): void => void (over = true);
      promise.then(done, done);
      await until(() => over, limitMs);
      return promise;
    },
  };
}

/** A file in memory as it is dropped. */
export function memoryFile(name: string, bytes: Uint8Array) {
  const handle: MemoryFile = { size: bytes.length, bytes };
  return { handle, name, media: 'application/octet-stream', mtime: 0 };
}

/** Gathers what a download hands over. */
export function memorySink(): Sink & { readonly parts: Uint8Array[]; readonly state: () => 'open' | 'closed' | 'aborted' } {
  const parts: Uint8Array[] = [];
  let state: 'open' | 'closed' | 'aborted' = 'open';
  return {
    parts,
    state: () => state,
    async begin() {},
    async write(bytes) {
      parts.push(bytes.slice());
    },
    async close() {
      state = 'closed';
    },
    async abort() {
      state = 'aborted';
    },
  };
}
