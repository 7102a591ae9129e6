import * as Comlink from 'comlink';
import { parseCapability } from '../src/core/crypto/capability.ts';
import { ShoalError } from '../src/core/errors.ts';
import { createPeer, type Peer } from '../src/peer/peer.ts';
import type { Log, Random } from '../src/peer/ports.ts';
import { offsetClock, wallClock } from '../src/platform/wall-clock.ts';
import { webWorkerThread } from '../src/platform/browser/codec-thread.ts';
import { codecPool, codecWorkersFor, type CodecThread } from '../src/platform/codec-pool.ts';
import { openDatabase, takeEpoch } from '../src/platform/browser/database.ts';
import { createDialer, type RemoteConnections } from '../src/platform/browser/dialer.ts';
import { loadIdentity } from '../src/platform/browser/identity.ts';
import { takeLeadership } from '../src/platform/browser/leadership.ts';
import { browserMetaStore } from '../src/platform/browser/meta-store.ts';
import type { PeerApi, PeerSettings } from '../src/platform/browser/peer-api.ts';
import { browserShardStore } from '../src/platform/browser/shard-store.ts';
import { blobSink, fileSink, streamSink } from '../src/platform/browser/sinks.ts';
import { snapshotChanges } from '../src/platform/browser/snapshot-changes.ts';
import { WebSocketSignaling } from '../src/platform/websocket-signaling.ts';
import { webCrypto } from '../src/platform/web-crypto.ts';

/** The peer worker: the whole peer of this tab but its RTCPeerConnections, which only the page can have. */

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };
const log: Log = (level, event, fields) => {
  if (level === 'error' || level === 'warn') console[level](event, fields ?? {});
};

let running: Peer | undefined;

function peer(): Peer {
  if (running === undefined) throw new ShoalError('internal', 'The peer does not run yet.');
  return running;
}

/** Whether the browser promised to keep this origin's data; asked again when lending changes. */
let persisted = false;
async function askPersisted(): Promise<void> {
  persisted = await navigator.storage.persisted();
}

/** The peer of a profile, made of this browser's parts. */
async function assemble(settings: PeerSettings, connections: RemoteConnections, lost: (reason: string) => void): Promise<Peer> {
  const engine = webCrypto(crypto.subtle);
  const clock = offsetClock(wallClock, settings.clockOffsetMs);
  const database = await openDatabase(settings.profile);
  void database.lost.then((reason) => lost(reason.message));
  const epoch = await takeEpoch(database);
  const identity = await loadIdentity(database, epoch, { subtle: crypto.subtle, random, crypto: engine });
  const signaling = new WebSocketSignaling({
    connect: () => new WebSocket(settings.signalingUrl),
    swarm: settings.swarm,
    signer: identity.node,
    class: 'visitor',
    clock,
    random,
    log,
  });
  const spawn = (): CodecThread => webWorkerThread(new Worker(new URL('./codec.worker.ts', import.meta.url), { type: 'module' }));
  return createPeer({
    clock,
    random,
    crypto: engine,
    identity,
    signaling,
    dialer: createDialer(connections, () => signaling.iceServers),
    shards: browserShardStore({ database, epoch, clock }),
    meta: browserMetaStore({ database, epoch }),
    codec: codecPool(spawn, codecWorkersFor(navigator.hardwareConcurrency), true),
    log,
    swarm: settings.swarm,
    upkeep: async () => (await import('../src/peer/upkeep.ts')).createUpkeep,
    persisted: () => persisted,
  });
}

const api: PeerApi = {
  async start(settings, connections, show, lost, steal) {
    const ousted = (): void => {
      void running?.stop();
      lost('elsewhere');
    };
    if (!(await takeLeadership(settings.profile, steal, ousted))) return 'elsewhere';
    await askPersisted();
    running = await assemble(settings, connections, lost);
    await running.start();
    const changes = snapshotChanges();
    running.watch((snapshot) => show(changes(snapshot)));
    return 'running';
  },
  async stop() {
    await running?.stop();
    running = undefined;
  },
  ping() {},
  drop: (file) => peer().drop(file),
  cancel: (id) => peer().cancel(id),
  remove: (id) => peer().remove(id),
  async contribute(capacity) {
    await askPersisted();
    await peer().contribute(capacity);
  },
  letGo: () => peer().letGo('all'),
  open(text) {
    const capability = parseCapability(text);
    if (capability.right !== 'read') throw new ShoalError('bad-input', 'This is not a link to read a file.');
    return peer().open(capability);
  },
  downloadFile: (id, handle, part) => peer().download(id, fileSink(handle), part),
  downloadStream: (id, port, part) => peer().download(id, streamSink(port), part),
  async downloadBlob(id, media, part) {
    const sink = blobSink(media);
    await peer().download(id, sink, part);
    return sink.result;
  },
  cancelReceive: (id) => peer().cancelReceive(id),
};

Comlink.expose(api);
