import type { Clock } from '../../peer/ports.ts';
import { downloadHeaders } from './download-headers.ts';
import type { DownloadAnswer, DownloadMeta } from './download-protocol.ts';
import { streamFrom } from './download-stream.ts';

/** A page that has not pinged for this long is gone, and its download fails. Timers of a hidden page may ring once a minute only. */
const silenceMsMax = 90_000;

/** Downloads that were registered and not fetched yet; the oldest gives way. */
const pendingMax = 64;

interface Pending {
  readonly meta: DownloadMeta;
  /** Where the bytes come from. */
  readonly source: MessagePort;
  /** Where the page hears that it is over. */
  readonly answers: MessagePort;
}

export interface PendingDownloads {
  /** Registers a download and tells its page the address it can be fetched from, once. */
  add(id: string, meta: DownloadMeta, source: MessagePort, answers: MessagePort): void;
  /** The page is there still. Answers `over` for a download that is not known: lost with an earlier service worker, or over. */
  ping(id: string, answers: MessagePort): void;
  /** Whether a download waits to be fetched, or streams. */
  isBusy(): boolean;
  /** The response to a request for `url`, or undefined when that is no download's address. */
  answer(url: string): Response | undefined;
}

/**
 * The service worker's downloads, under `<scope>download/<id>`. The file's name is not part of the address: it travels in the
 * headers, so that it stays out of histories and logs, and no name can break the path.
 */
export function pendingDownloads(scope: string, clock: Clock): PendingDownloads {
  const prefix = new URL('download/', scope).href;
  const pending = new Map<string, Pending>();
  /** By id: puts off the moment at which the page counts as gone. */
  const streaming = new Map<string, () => void>();
  const tell = (port: MessagePort, answer: DownloadAnswer): void => port.postMessage(answer);

  const drop = (id: string): void => {
    const dropped = pending.get(id);
    pending.delete(id);
    dropped?.source.postMessage({ t: 'cancel' });
    if (dropped !== undefined) tell(dropped.answers, { t: 'over' });
  };

  const stream = (id: string, { source, answers }: Pending): ReadableStream<Uint8Array<ArrayBuffer>> => {
    let stopTimer = (): void => {};
    const { body, fail } = streamFrom(source, () => {
      stopTimer();
      streaming.delete(id);
      tell(answers, { t: 'over' });
    });
    const putOff = (): void => {
      stopTimer();
      stopTimer = clock.timer(silenceMsMax, () => fail('The page that fed this download is gone.'));
    };
    streaming.set(id, putOff);
    putOff();
    return body;
  };

  return {
    add(id, meta, source, answers) {
      const [oldest] = pending.keys();
      if (pending.size === pendingMax && oldest !== undefined) drop(oldest);
      pending.set(id, { meta, source, answers });
      tell(answers, { t: 'ready', url: prefix + id });
    },
    ping(id, answers) {
      streaming.get(id)?.();
      if (!pending.has(id) && !streaming.has(id)) tell(answers, { t: 'over' });
    },
    isBusy: () => pending.size > 0 || streaming.size > 0,
    answer(url) {
      if (!url.startsWith(prefix)) return undefined;
      const id = url.slice(prefix.length);
      const found = pending.get(id);
      if (found === undefined)
        return new Response('This download is not available any more.', { status: 404, headers: { 'Content-Type': 'text/plain' } });
      pending.delete(id);
      return new Response(stream(id, found), { headers: downloadHeaders(found.meta) });
    },
  };
}
