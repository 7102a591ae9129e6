/// <reference lib="webworker" />
import { wallClock } from '../src/platform/browser/clock.ts';
import type { ToServiceWorker } from '../src/platform/browser/download-protocol.ts';
import { pendingDownloads } from '../src/platform/browser/pending-downloads.ts';

/** The service worker: hands streamed downloads to the browser. It answers nothing else, and keeps no copy of the page. */

declare const self: ServiceWorkerGlobalScope;

const downloads = pendingDownloads(self.registration.scope, wallClock);

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', ({ data, ports }) => {
  const message = data as ToServiceWorker;
  if (message.t === 'ping') {
    // Above all the event itself matters: it keeps this worker awake while bytes stream.
    const [answers] = ports;
    if (answers !== undefined) downloads.ping(message.id, answers);
  } else if (message.t === 'download') {
    const [source, answers] = ports;
    if (source !== undefined && answers !== undefined) downloads.add(message.id, message, source, answers);
  }
});

self.addEventListener('fetch', (event) => {
  const response = event.request.method === 'GET' ? downloads.answer(event.request.url) : undefined;
  if (response !== undefined) event.respondWith(response);
});
