import { downloadHeaders } from './download-headers.ts';
import type { DownloadAnswer, DownloadMeta } from './download-protocol.ts';
import { streamFrom } from './download-stream.ts';

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
  /** Tells the page, when it asks by a ping, that a download is over that was lost with an earlier service worker. */
  ping(id: string, answers: MessagePort): void;
  /** The response to a request for `url`, or undefined when that is no download's address. */
  answer(url: string): Response | undefined;
}

/**
 * The service worker's downloads, under `<scope>download/<id>`. The file's name is not part of the address: it travels in the
 * headers, so that it stays out of histories and logs, and no name can break the path.
 */
export function pendingDownloads(scope: string): PendingDownloads {
  const prefix = new URL('download/', scope).href;
  const pending = new Map<string, Pending>();
  const streaming = new Set<string>();
  const tell = (port: MessagePort, answer: DownloadAnswer): void => port.postMessage(answer);

  const drop = (id: string): void => {
    const dropped = pending.get(id);
    pending.delete(id);
    dropped?.source.postMessage({ t: 'cancel' });
    if (dropped !== undefined) tell(dropped.answers, { t: 'over' });
  };

  return {
    add(id, meta, source, answers) {
      const [oldest] = pending.keys();
      if (pending.size === pendingMax && oldest !== undefined) drop(oldest);
      pending.set(id, { meta, source, answers });
      tell(answers, { t: 'ready', url: prefix + id });
    },
    ping(id, answers) {
      if (!pending.has(id) && !streaming.has(id)) tell(answers, { t: 'over' });
    },
    answer(url) {
      if (!url.startsWith(prefix)) return undefined;
      const id = url.slice(prefix.length);
      const found = pending.get(id);
      if (found === undefined) return new Response('This download is not available any more.', { status: 404, headers: { 'Content-Type': 'text/plain' } });
      pending.delete(id);
      streaming.add(id);
      const body = streamFrom(found.source, () => {
        streaming.delete(id);
        tell(found.answers, { t: 'over' });
      });
      return new Response(body, { headers: downloadHeaders(found.meta) });
    },
  };
}
