import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { within } from './within.ts';

// WebTorrent's prebuilt bundle with its defaults, but for its store: the bundle's own one in memory, which was twice as fast as files
// of the origin. The one who adds gets the torrent file itself, which spares it asking for it, and only once the tracker knows the
// seed, so that the two find each other at once.

const packages = new URL('../others/node_modules/', import.meta.url);
/** Not the package's entry: it wants a native module. */
const trackerServer = fileURLToPath(new URL('bittorrent-tracker/server.js', packages));
const require = createRequire(import.meta.url);

/** The script that a page needs, by the path under which it asks for it. */
export const webTorrentFiles: ReadonlyMap<string, string> = new Map([
  ['/webtorrent.js', fileURLToPath(new URL('webtorrent/dist/webtorrent.min.js', packages))],
]);

/** What is used of WebTorrent here. */
interface Torrent {
  readonly torrentFile: Uint8Array;
  readonly length: number;
  readonly progress: number;
  on(event: 'trackerAnnounce' | 'done', heard: () => void): void;
  on(event: 'error', heard: (error: Error) => void): void;
}
interface Client {
  seed(file: File, options: object): Torrent;
  add(torrentFile: Uint8Array, options: object): Torrent;
  on(event: 'error', heard: (error: Error) => void): void;
  on(event: 'seed', heard: (torrent: Torrent) => void): void;
}
type ClientClass = new (options: object) => Client;

const seedMs = 120_000;
const addMs = 300_000;

/** A tracker over WebSocket, on this machine alone. */
export async function startTracker(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { default: TrackerServer } = require(trackerServer) as {
    default: new (options: object) => { readonly http: Server; listen(port: number, host: string): void; close(done: () => void): void };
  };
  const tracker = new TrackerServer({ udp: false, http: true, ws: true, stats: false });
  tracker.listen(0, '127.0.0.1');
  await once(tracker.http, 'listening');
  return {
    url: `ws://localhost:${(tracker.http.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => tracker.close(resolve)),
  };
}

/** Seeds `bytes` random bytes in one fresh page and adds them in another. ms by the clock of the one who adds, from `add` to `done`. */
export async function sendByWebTorrent(seeder: Page, adder: Page, tracker: string, bytes: number): Promise<number> {
  for (const page of [seeder, adder]) {
    // Where a browser has no such files the bundle takes memory.
    await page.evaluate(() => Object.defineProperty(StorageManager.prototype, 'getDirectory', { value: undefined }));
    await page.addScriptTag({ type: 'module', content: `import WebTorrent from '/webtorrent.js'; window.WebTorrent = WebTorrent;` });
    await page.waitForFunction(() => 'WebTorrent' in window);
  }
  const torrentFile = await within(seedMs, 'WebTorrent to seed', seeder.evaluate(seed, { tracker, bytes }));
  return within(addMs, 'WebTorrent to be done', adder.evaluate(add, { tracker, torrentFile, bytes }));
}

/** Runs in the page. Gives the torrent file once it is hashed and the tracker knows of it. */
function seed({ tracker, bytes }: { readonly tracker: string; readonly bytes: number }): Promise<number[]> {
  const WebTorrent = Reflect.get(globalThis, 'WebTorrent') as ClientClass;
  const content = new Uint8Array(bytes);
  for (let offset = 0; offset < content.length; offset += 65_536) crypto.getRandomValues(content.subarray(offset, offset + 65_536));
  const client = new WebTorrent({ tracker: { rtcConfig: { iceServers: [] } } });
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    const torrent = client.seed(new File([content], 'random.bin'), { announce: [tracker] });
    const announced = new Promise<void>((known) => torrent.on('trackerAnnounce', known));
    const seeded = new Promise<Torrent>((ready) => client.on('seed', ready));
    void Promise.all([seeded, announced]).then(([{ torrentFile }]) => resolve([...torrentFile]));
  });
}

/** Runs in the page. */
function add(given: { readonly tracker: string; readonly torrentFile: readonly number[]; readonly bytes: number }): Promise<number> {
  const WebTorrent = Reflect.get(globalThis, 'WebTorrent') as ClientClass;
  const client = new WebTorrent({ tracker: { rtcConfig: { iceServers: [] } } });
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    const began = performance.now();
    const torrent = client.add(new Uint8Array(given.torrentFile), { announce: [given.tracker] });
    torrent.on('done', () => {
      if (torrent.length === given.bytes && torrent.progress === 1) resolve(performance.now() - began);
      else reject(new Error(`${torrent.length} bytes, ${torrent.progress} of them there`));
    });
  });
}
