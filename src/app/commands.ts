import * as Comlink from 'comlink';
import { toHex } from '../core/bytes/text.ts';
import { parseCapability } from '../core/crypto/capability.ts';
import { recordKey } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import type { FilePart } from '../core/object/excerpt.ts';
import type { Connections } from '../platform/browser/connections.ts';
import { saveName } from '../platform/save-name.ts';
import { eraseProfile } from '../platform/browser/erase.ts';
import type { PeerApi, PeerSettings } from '../platform/browser/peer-api.ts';
import { joinSnapshot } from '../platform/browser/snapshot-changes.ts';
import { clockOffsetIn } from '../platform/clock-offset.ts';
import { watchWorker } from '../platform/browser/worker-watch.ts';
import type { Commands, DroppedFile } from './commands-api.ts';
import { type DroppedFiles, forgetEnded } from './dropped-files.ts';
import { fetchedConnections } from './fetched-connections.ts';
import { forgetLendingAsked } from './lending-asked.ts';
import { swarmOf } from './links.ts';
import { save } from './save.ts';
import { type EventView, pageState, type ReceiveView, setPage, type Snapshot } from './state.ts';

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
  clockOffsetMs: clockOffsetIn(location),
};

/** How long a peer may take to say bye before it is ended without. */
const stopWithinMs = 2000;

let running: Running | undefined;
const dropped: DroppedFiles = new Map();

/** What the page can ask of its peer (commands-api). */
export const commands: Commands = {
  start: () => run(false),
  takeOver: () => run(true),
  erase,
  drop(files) {
    for (const file of files) drop(file).catch(report);
  },
  replace: (id, file) => drop({ file, name: file.name, replaces: id }),
  cancel: (id) => tell((peer) => peer.cancel(id)),
  canRetry: (id) => dropped.has(id),
  async retry(id) {
    const file = dropped.get(id);
    if (file === undefined) return;
    // What came to nothing of a version goes with the next try; a file of its own begins as another.
    if (file.replaces !== undefined) return drop(file);
    dropped.delete(id);
    tell((peer) => peer.cancel(id));
    await drop(file).catch(report);
  },
  remove: async (id) => current().peer.remove(id),
  async contribute(on, capacityBytes) {
    // Asked for from the click, as browsers want it; storing works without, only less safely.
    if (on) await navigator.storage.persist().catch(() => false);
    await current().peer.contribute(on ? capacityBytes : 0);
  },
  letGo: async () => current().peer.letGo(),
  openLink(text) {
    const capability = parseCapability(text);
    if (capability.right !== 'read') throw new ShoalError('bad-input', 'This is not a link to read a file.');
    tell((peer) => peer.open(text));
    return toHex(recordKey(capability.objectKey)).slice(0, 16);
  },
  download: (id) => download(id, undefined),
  downloadPart: (id, offset, length) => download(id, { offset, length }),
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
      Comlink.proxy((change) => show(joinSnapshot(pageState().snapshot, change))),
      Comlink.proxy((reason: string) => end(reason)),
      steal,
    );
    setPage({ phase });
    if (phase === 'elsewhere') end('elsewhere');
  } catch (error) {
    end(error instanceof Error ? error.message : String(error));
  }
}

function show(snapshot: Snapshot): void {
  forgetEnded(dropped, snapshot.files);
  setPage({ snapshot: withPlainNames(snapshot) });
}

/** What others named shows as it will be saved, without what could mislead ("exe.jpg" for "jpg.exe"). */
function withPlainNames(snapshot: Snapshot): Snapshot {
  const plain = (receive: ReceiveView): ReceiveView =>
    receive.name === undefined ? receive : { ...receive, name: saveName(receive.name) };
  const plainEvent = (event: EventView): EventView =>
    event.kind === 'download' && event.file !== undefined ? { ...event, file: saveName(event.file) } : event;
  return { ...snapshot, receives: snapshot.receives.map(plain), events: snapshot.events.map(plainEvent) };
}

function launch(): Running {
  const worker = new Worker(new URL('../../workers/peer.worker.ts', import.meta.url), { type: 'module' });
  const peer = Comlink.wrap<PeerApi>(worker);
  const connections = fetchedConnections({ forcePump }, end);
  const stopWatch = watchWorker(worker, () => peer.ping(), end);
  return { worker, peer, connections, stopWatch, downloading: new Set() };
}

/** The peer of this page has ended: `elsewhere` when another tab took the profile over, else why it failed. */
function end(reason: string): void {
  shut();
  setPage(reason === 'elsewhere' ? { phase: 'elsewhere' } : { phase: 'failed', failure: reason });
}

function shut(): void {
  running?.stopWatch();
  running?.connections.destroyAll();
  running?.worker.terminate();
  running = undefined;
}

async function erase(): Promise<void> {
  // A peer that cannot say bye any more is missed by its heartbeats.
  await Promise.race([running?.peer.stop().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, stopWithinMs))]);
  shut();
  setPage({ phase: 'starting', snapshot: undefined });
  try {
    await eraseProfile(settings.profile);
    forgetLendingAsked(settings.profile);
  } catch (error) {
    return end(error instanceof Error ? error.message : String(error));
  }
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  location.reload();
}

async function drop(dropping: DroppedFile): Promise<void> {
  const { file, name, replaces } = dropping;
  const id = await current().peer.drop({ handle: file, name, media: file.type, mtime: Math.max(0, file.lastModified), replaces });
  dropped.set(id, dropping);
}

/** Everything up to the dialog of the browser happens in the click itself, or it would not open. */
function download(id: string, part: FilePart | undefined): void {
  const { peer, downloading } = current();
  // A second click, while nothing shows yet that the first was heard, would begin another download that fails as `busy`.
  if (downloading.has(id)) return;
  const receive = pageState().snapshot?.receives.find((each) => each.id === id);
  const saved = save({ peer, receive, part, report });
  downloading.add(id);
  saved.catch(report).finally(() => downloading.delete(id));
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
