import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeId } from '../src/core/crypto/keys.ts';
import { ShoalError } from '../src/core/errors.ts';
import { type Meter, metered } from '../src/peer/metered.ts';
import { createPeer, type PeerOptions } from '../src/peer/peer.ts';
import { createUpkeep } from '../src/peer/upkeep.ts';
import { type Bandwidth, capsOf } from '../src/peer/links/cap.ts';
import type { Clock, Crypto, Identity, Log, MetaStore, Place, ShardStore } from '../src/peer/ports.ts';
import { isLoopbackHost } from '../src/platform/clock-offset.ts';
import { codecWorkersFor } from '../src/platform/codec-pool.ts';
import { nodeCodec } from '../src/platform/node/codec.ts';
import { nodeCrypto, nodeRandom } from '../src/platform/node/crypto.ts';
import { nodeDialer } from '../src/platform/node/dialer.ts';
import { loadNodeIdentity } from '../src/platform/node/identity.ts';
import { type Home, openHome } from '../src/platform/node/home.ts';
import { sqliteMetaStore } from '../src/platform/node/meta-store.ts';
import { fileShardStore } from '../src/platform/node/shard-store.ts';
import { openSocket } from '../src/platform/node/web-socket.ts';
import { memoryShardStore } from '../src/platform/memory/shard-store.ts';
import { offsetClock, wallClock } from '../src/platform/wall-clock.ts';
import { WebSocketSignaling } from '../src/platform/websocket-signaling.ts';
import type { LocalPeer } from './access/local-access.ts';
import { clientMetaStore } from './access/client-meta-store.ts';

/** How a peer of this program finds others, and what it says of itself. */
export interface NodePeerSettings extends Pick<PeerOptions, 'hints'> {
  readonly meter?: Meter | undefined;
  readonly bandwidth?: Bandwidth;
  /** Folder of keys, list of own files, and shards. */
  readonly home: string;
  /** `ws://` or `wss://`. */
  readonly signalingUrl: string;
  readonly swarm: string;
  readonly log: Log;
  /** How far its clock goes ahead of the machine's. */
  readonly clockOffsetMs?: number;
}

/** The headless peer of a home, which it holds until it has stopped. */
export interface HomePeer extends LocalPeer {
  readonly home: Home;
  /** NodeId, lower-case hex. */
  readonly node: string;
  /** Opens the stores and joins the swarm. */
  start(): Promise<void>;
}

/** How long a disk may take to finish what is being written, and how often that is looked at, ms. */
const writesMs = 5_000;
const writesLookMs = 10;

const random = nodeRandom();

/** The peer of `settings.home`, not started yet. Throws `busy` when another process has that home, and what its parts throw. */
export async function openHomePeer(settings: NodePeerSettings): Promise<HomePeer> {
  const crypto = nodeCrypto();
  const clock = clockOf(settings);
  const home = await openHome(settings.home);
  try {
    const identity = await loadNodeIdentity(home.nodeKey, crypto);
    const meta = await sqliteMetaStore(home.database);
    const shards = fileShardStore(home.shards, settings.log);
    const { peer, stop } = assemble(settings, { clock, crypto, identity, shards, meta });
    let started = false;
    return {
      ...{ peer, swarm: settings.swarm, signalingUrl: settings.signalingUrl },
      home,
      node: nodeId(identity.node.publicKey),
      shards: () => shards.list(),
      async start() {
        await peer.start();
        started = true;
      },
      async stop() {
        await stop();
        if (started) await writesEnded(shards);
        meta.close();
        await home.release();
      },
    };
  } catch (error) {
    await home.release();
    throw error;
  }
}

/** Once every link is closed: each shard on its way is committed, or what there is of it removed. */
async function writesEnded(shards: ShardStore): Promise<void> {
  const untilMs = performance.now() + writesMs;
  while (shards.usage().reserved > 0 && performance.now() < untilMs) await pause(writesLookMs);
}

/**
 * A peer for the time of one command: with a node key of its own, without shards, lending nothing. What it stores goes to the list of own
 * files in `settings.home`, and of what it reads the version, as of any reader there; the home is held only meanwhile. Of that list it
 * takes along the files `own`, by their ids.
 */
export async function joinForCommand(settings: NodePeerSettings, own: readonly string[], unlisted: () => void): Promise<LocalPeer> {
  const crypto = nodeCrypto();
  const clock = clockOf(settings);
  const node = await crypto.signer(random.bytes(32));
  const store = clientMetaStore({ folder: settings.home, crypto, own, unlisted, log: settings.log });
  const shards = memoryShardStore();
  const parts = { clock, crypto, identity: { node, vault: store.vault }, shards, meta: store.meta };
  const { peer, stop } = assemble(settings, { ...parts, brief: true });
  await peer.start();
  return {
    ...{ peer, swarm: settings.swarm, signalingUrl: settings.signalingUrl },
    shards: () => shards.list(),
    async stop() {
      await stop();
      await store.settled();
    },
  };
}

/** Places of the shards in a home that no peer runs in. */
export async function placesAtRest(home: Home): Promise<readonly Place[]> {
  const shards = fileShardStore(home.shards);
  await shards.start();
  return shards.list();
}

interface Stores {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly identity: Identity;
  readonly shards: ShardStore;
  readonly meta: MetaStore;
  readonly brief?: boolean;
}

/** The machine's time, or one that is ahead: not where a server elsewhere is joined, whose peers it would only confuse (SPEC CONF-9). */
function clockOf({ clockOffsetMs = 0, signalingUrl }: NodePeerSettings): Clock {
  if (clockOffsetMs === 0) return wallClock;
  if (isLoopbackHost(new URL(signalingUrl).hostname)) return offsetClock(wallClock, clockOffsetMs);
  throw new ShoalError('bad-input', `--clock-offset is for tests on one machine: the signaling server of this peer is ${signalingUrl}`);
}

/** A peer made of what Node has. */
function assemble(settings: NodePeerSettings, stores: Stores): Pick<LocalPeer, 'peer' | 'stop'> {
  const { signalingUrl, swarm, log, hints, bandwidth, meter } = settings;
  const { clock, identity } = stores;
  const signaling = new WebSocketSignaling({
    connect: () => openSocket(signalingUrl),
    swarm,
    signer: identity.node,
    class: hints?.class ?? 'visitor',
    clock,
    random,
    log,
  });
  const codec = nodeCodec({ threads: codecWorkersFor(availableParallelism()) });
  const dialer = nodeDialer(() => signaling.iceServers);
  const peer = createPeer({
    ...stores,
    ...{ random, signaling, dialer, codec, log, swarm, hints },
    upkeep: async () => createUpkeep,
    caps: capsOf(bandwidth ?? {}, clock),
    meter: meter && metered(clock, meter),
    // Files of a disk are kept as long as the disk is.
    persisted: () => true,
  });
  return {
    peer,
    async stop() {
      await peer.stop();
      // A connection that is cut while its last frame is on its way loses that.
      await dialer.leave();
      await codec.close();
    },
  };
}
