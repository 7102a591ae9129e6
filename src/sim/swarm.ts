import { nodeId } from '../core/crypto/keys.ts';
import { createPeer, type Peer } from '../peer/peer.ts';
import type { Sink } from '../peer/ports.ts';
import { inProcessCodec, type MemoryFile } from '../platform/memory/codec.ts';
import { type VirtualClock, virtualClock } from '../platform/memory/clock.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { memoryIdentity } from '../platform/memory/identity.ts';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { type MemoryNetwork, memoryNetwork } from '../platform/memory/network.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryShardStore, type ShardDisk, shardDisk } from '../platform/memory/shard-store.ts';

/** One simulated peer with what a test may look at or break from outside. */
export interface SimulatedPeer {
  readonly node: string;
  readonly peer: Peer;
  readonly disk: ShardDisk;
}

/** A swarm of the shipped peer over a simulated network, disk, clock and randomness. The same seed gives the same run. */
export interface SimulatedSwarm {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  /** Adds a peer and starts it; it lends `capacity` bytes. */
  join(capacity: number): Promise<SimulatedPeer>;
}

const latencyMs = 20;
const jitterMs = 10;

/** @param drain resolves once no microtask is left; in Node: `() => new Promise(setImmediate)` */
export function simulateSwarm(seed: string, drain: () => Promise<void>): SimulatedSwarm {
  const clock = virtualClock(drain);
  const network = memoryNetwork({ clock, random: seededRandom(`${seed}/network`), latencyMs, jitterMs });
  const crypto = nobleCrypto();
  let joined = 0;

  return {
    clock,
    network,
    async join(capacity) {
      const random = seededRandom(`${seed}/peer/${joined++}`);
      const identity = await memoryIdentity(random, crypto);
      const node = nodeId(identity.node.publicKey);
      const disk = shardDisk();
      const peer = createPeer({
        ...network.peer({ node }),
        clock,
        random,
        crypto,
        identity,
        shards: memoryShardStore(disk),
        meta: memoryMetaStore(),
        codec: inProcessCodec(crypto),
        log: () => {},
        swarm: 'simulated',
        persisted: () => false,
      });
      await peer.start();
      await peer.contribute(capacity);
      return { node, peer, disk };
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
