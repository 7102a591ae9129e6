/// <reference lib="webworker" />
import { wallClock } from '../src/platform/wall-clock.ts';
import type { ToServiceWorker } from '../src/platform/browser/download-protocol.ts';
import { pageCache, type PageBuild } from '../src/platform/browser/page-cache.ts';
import type { ToPageWorker } from '../src/platform/browser/page-worker.ts';
import { pendingDownloads } from '../src/platform/browser/pending-downloads.ts';

/** The service worker: hands streamed downloads to the browser, and keeps the built page to open without its server. */

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build (vite.config.ts). */
declare const __SHOAL_PAGE__: PageBuild;

const downloads = pendingDownloads(self.registration.scope, wallClock);
const page = pageCache(__SHOAL_PAGE__, self.registration.scope, caches, (url, init) => fetch(url, init));

// Another version waits until nobody uses this one, or the person asks for it: what streams through this one would break.
self.addEventListener('install', (event) => event.waitUntil(page.fill()));
self.addEventListener('activate', (event) => event.waitUntil(page.dropOthers()));

self.addEventListener('message', (event) => {
  const { ports } = event;
  const message = event.data as ToServiceWorker | ToPageWorker;
  if (message.t === 'ping') {
    // Above all the event itself matters: it keeps this worker awake while bytes stream.
    const [answers] = ports;
    if (answers !== undefined) downloads.ping(message.id, answers);
  } else if (message.t === 'download') {
    const [source, answers] = ports;
    if (source !== undefined && answers !== undefined) downloads.add(message.id, message, source, answers);
  } else if (message.t === 'busy') {
    ports[0]?.postMessage(downloads.isBusy());
  } else event.waitUntil(self.skipWaiting());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const response = (request.method === 'GET' ? downloads.answer(request.url) : undefined) ?? page.answer(request);
  if (response !== undefined) event.respondWith(response);
});
