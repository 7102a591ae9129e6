import * as Comlink from 'comlink';
import { toHex } from '../core/bytes/text.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { recordKey } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { type Connections, createConnections } from '../platform/browser/connections.ts';
import { registerServiceWorker, saveBlob, saveStream } from '../platform/browser/download.ts';
import { saveName } from '../platform/browser/download-headers.ts';
import type { PeerApi, PeerSettings } from '../platform/browser/peer-api.ts';
import { watchWorker } from '../platform/browser/worker-watch.ts';
import type { Commands } from './commands-api.ts';
import { swarmOf } from './links.ts';
import { pageState, type ReceiveView, setPage, type Snapshot } from './state.ts';

/** The page's side of one running peer worker. */
interface Running {
  readonly worker: Worker;
  readonly peer: Comlink.Remote<PeerApi>;
  readonly connections: Connections;
  readonly stopWatch: () => void;
  /** Ids of the receives whose download is being set up or runs. */
  readonly downloading: Set<string>;
}

const query = new URLSearchParams(location.search);
/** Where a test looks at the path for browsers that cannot transfer a data channel. */
const forcePump = query.get('transport') === 'pump';
const settings: PeerSettings = {
  profile: query.get('profile') ?? '',
  swarm: swarmOf(location.search),
  signalingUrl: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/signaling`,
};

let running: Running | undefined;
/** Files as dropped, by the id of their upload: what a retry starts from. */
const dropped = new Map<string, File>();

/** What the page can ask of its peer (commands-api). */
export const commands: Commands = {
  start: () => run(false),
  takeOver: () => run(true),
  drop(files) {
    for (const file of files) drop(file).catch(report);
  },
  cancel: (id) => tell((peer) => peer.cancel(id)),
  canRetry: (id) => dropped.has(id),
  retry(id) {
    const file = dropped.get(id);
    if (file === undefined) return;
    dropped.delete(id);
    tell((peer) => peer.cancel(id));
    drop(file).catch(report);
  },
  async contribute(on, capacityBytes) {
    // Asked for from the click, as browsers want it; storing works without, only less safely.
    if (on) await navigator.storage.persist().catch(() => false);
    await current().peer.contribute(on ? capacityBytes : 0);
  },
  openLink(text) {
    const capability = parseCapability(text);
    if (capability.right !== 'read') throw new ShoalError('bad-input', 'This is not a link to read a file.');
    tell((peer) => peer.open(text));
    return toHex(recordKey(capability.objectKey)).slice(0, 16);
  },
  download(id) {
    const { downloading } = current();
    // A second click, while nothing shows yet that the first was heard, would begin another download that fails as `busy`.
    if (downloading.has(id)) return;
    downloading.add(id);
    download(id)
      .catch(report)
      .finally(() => downloading.delete(id));
  },
  cancelReceive: (id) => tell((peer) => peer.cancelReceive(id)),
};

async function run(steal: boolean): Promise<void> {
  setPage({ phase: 'starting', profile: settings.profile, failure: undefined });
  if (!isSecureContext) return setPage({ phase: 'insecure' });
  try {
    running ??= launch();
    const { peer, connections } = running;
    const phase = await peer.start(
      settings,
      Comlink.proxy(connections),
      Comlink.proxy((snapshot) => setPage({ snapshot: withPlainNames(snapshot) })),
      Comlink.proxy((reason: string) => end(reason)),
      steal,
    );
    setPage({ phase });
    if (phase === 'elsewhere') end('elsewhere');
  } catch (error) {
    end(error instanceof Error ? error.message : String(error));
  }
}

/** What others named shows as it will be saved, without what could mislead ("exe.jpg" for "jpg.exe"). */
function withPlainNames(snapshot: Snapshot): Snapshot {
  const plain = (receive: ReceiveView): ReceiveView =>
    receive.name === undefined ? receive : { ...receive, name: saveName(receive.name) };
  return { ...snapshot, receives: snapshot.receives.map(plain) };
}

function launch(): Running {
  const worker = new Worker(new URL('../../workers/peer.worker.ts', import.meta.url), { type: 'module' });
  const peer = Comlink.wrap<PeerApi>(worker);
  const connections = createConnections({ forcePump });
  const stopWatch = watchWorker(worker, () => peer.ping(), end);
  return { worker, peer, connections, stopWatch, downloading: new Set() };
}

/** The peer of this page has ended: `elsewhere` when another tab took the profile over, else why it failed. */
function end(reason: string): void {
  running?.stopWatch();
  running?.connections.destroyAll();
  running?.worker.terminate();
  running = undefined;
  setPage(reason === 'elsewhere' ? { phase: 'elsewhere' } : { phase: 'failed', failure: reason });
}

async function drop(file: File): Promise<void> {
  const id = await current().peer.drop({ handle: file, name: file.name, media: file.type, mtime: Math.max(0, file.lastModified) });
  dropped.set(id, file);
}

/** Streams through the service worker to the browser's own download; where there is none, gathers a Blob up to its bound. */
async function download(id: string): Promise<void> {
  const { peer } = current();
  const receive = pageState().snapshot?.receives.find((each) => each.id === id);
  if (receive?.name === undefined || receive.size === undefined) throw new ShoalError('not-found', 'The file is not known yet.');
  const { name, size, media = '' } = receive;
  const stream = await registerServiceWorker('/service-worker.js')
    .then((registration) => saveStream(registration, { name, media, size }))
    .catch(() => undefined);
  if (stream === undefined) return saveBlob(await peer.downloadBlob(id, media), name);
  let sending = true;
  const sent = peer.downloadStream(id, Comlink.transfer(stream.port, [stream.port])).finally(() => (sending = false));
  // A download that the browser gave up, or lost with its service worker, would wait for ever. (One after it is not meant.)
  void stream.over.then(() => (sending ? peer.cancelReceive(id) : undefined)).catch(report);
  stream.start();
  await sent;
}

function current(): Running {
  if (running === undefined) throw new ShoalError('internal', 'The peer does not run.');
  return running;
}

function tell(send: (peer: Comlink.Remote<PeerApi>) => Promise<unknown>): void {
  send(current().peer).catch(report);
}

/** What went wrong shows in the snapshot (file, receive, events); this is for whoever looks at the console. */
function report(error: unknown): void {
  if (errorCode(error) !== 'cancelled') reportError(error);
}
