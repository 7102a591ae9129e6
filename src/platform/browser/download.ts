import { ShoalError } from '../../core/errors.ts';
import { saveName } from '../save-name.ts';
import { safeMedia } from './download-headers.ts';
import { pingEveryMs, type DownloadAnswer, type DownloadMeta, type ToServiceWorker } from './download-protocol.ts';

/** How long a service worker may take to become active, or to register a download. */
const answerWithinMs = 10_000;

/** How long the frame stays after a short file has streamed: the browser may not have made a download of it yet, and would drop it. */
const frameLingersMs = 10_000;

/** How long an object URL is kept for the browser to start reading it. */
const revokeAfterMs = 60_000;

/** A download the service worker is ready for. */
export interface StreamedDownload {
  /** For the peer worker's `streamSink`, by transfer. */
  readonly port: MessagePort;
  /** Lets the browser begin to save. */
  start(): void;
  /**
   * Resolves when the browser has all it will get: finished, given up by the person, failed, or lost with the service worker. A sink
   * that is still writing then writes to nobody: cancel it.
   */
  readonly over: Promise<void>;
}

/**
 * Registers the service worker at `script` and resolves when it is active.
 * Throws `not-found` where there can be none (no secure context, private windows of some browsers) and `timeout`; a Blob download is left then.
 */
export async function registerServiceWorker(script: string | URL, options?: RegistrationOptions): Promise<ServiceWorkerRegistration> {
  if (!('serviceWorker' in navigator)) throw new ShoalError('not-found', 'This browser has no service workers here.');
  const registration = await navigator.serviceWorker.register(script, options).catch((error: unknown) => {
    throw new ShoalError('not-found', `The service worker could not be registered: ${String(error)}`);
  });
  await within(active(registration), 'The service worker did not become active.');
  return registration;
}

/**
 * Registers a download with the service worker, which `fetchAddress` is then to fetch from, leaving the page as it is.
 * Throws `timeout` when the service worker does not answer.
 */
export async function saveStream(
  registration: ServiceWorkerRegistration,
  meta: DownloadMeta,
  fetchAddress: (url: string, over: Promise<void>) => void = inHiddenFrame,
): Promise<StreamedDownload> {
  const worker = registration.active;
  if (worker === null) throw new ShoalError('not-found', 'The service worker is gone. Reload this page.');
  const bytes = new MessageChannel();
  const answers = new MessageChannel();
  const { ready, over, end } = listen(answers.port1);

  const id = crypto.randomUUID();
  const { name, media, size } = meta;
  const register: ToServiceWorker = { t: 'download', id, name, media, size };
  worker.postMessage(register, [bytes.port2, answers.port2]);
  const url = await within(ready, 'The service worker did not answer.');
  const start = (): void => {
    fetchAddress(url, over);
    const pinging = setInterval(() => ping(worker, id, end), pingEveryMs);
    void over.then(() => clearInterval(pinging));
  };
  return { port: bytes.port1, start, over };
}

/** Saves a finished Blob under `name`. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: safeMedia(blob.type) }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = saveName(name);
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), revokeAfterMs);
}

interface Answers {
  readonly ready: Promise<string>;
  readonly over: Promise<void>;
  /** Makes it over from this side. */
  end(): void;
}

function listen(port: MessagePort): Answers {
  let nowReady: (url: string) => void = () => {};
  let end = (): void => {};
  const ready = new Promise<string>((resolve) => (nowReady = resolve));
  const over = new Promise<void>((resolve) => (end = resolve));
  port.onmessage = ({ data }: MessageEvent<DownloadAnswer>) => (data.t === 'ready' ? nowReady(data.url) : end());
  return { ready, over, end };
}

/** Keeps the service worker awake; `lost` is called when it does not know the download any more. */
function ping(worker: ServiceWorker, id: string, lost: () => void): void {
  if (worker.state === 'redundant') return lost();
  const answers = new MessageChannel();
  answers.port1.onmessage = lost;
  const message: ToServiceWorker = { t: 'ping', id };
  worker.postMessage(message, [answers.port2]);
}

/** Navigating a frame to an attachment saves it and changes nothing that can be seen. */
function inHiddenFrame(url: string, over: Promise<void>): void {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = url;
  document.body.append(frame);
  void over.then(() => setTimeout(() => frame.remove(), frameLingersMs));
}

async function active(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  while (worker !== null && worker.state !== 'activated') {
    if (worker.state === 'redundant') throw new ShoalError('not-found', 'The service worker could not be started.');
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
  }
}

function within<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ShoalError('timeout', otherwise)), answerWithinMs);
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
