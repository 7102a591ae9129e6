/**
 * A streamed download crosses three threads: the page registers it with the service worker and gives one port of a channel to the
 * peer worker; verified bytes then go from the peer worker's sink to the service worker's response and never touch the page.
 */

/** What the browser's download list shows. `size` in bytes. */
export interface DownloadMeta {
  readonly name: string;
  readonly media: string;
  readonly size: number;
}

/**
 * Page → service worker. `download` comes with two ports: the one the bytes come from, and the one to answer on. `ping` comes with one
 * to answer on, and is answered only when the download is not known (any more): a service worker that was ended comes back empty.
 */
export type ToServiceWorker = { readonly id: string } & (({ readonly t: 'download' } & DownloadMeta) | { readonly t: 'ping' });

/** Service worker → page, on an answering port. */
export type DownloadAnswer =
  /** Navigating to `url`, once, starts the download. */
  | { readonly t: 'ready'; readonly url: string }
  /** The browser has all it will get: finished, given up by the person, failed or forgotten. */
  | { readonly t: 'over' };

/** Sink → stream. Exactly one chunk answers one pull. */
export type FromSink =
  | { readonly t: 'chunk'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly t: 'end' }
  | { readonly t: 'abort'; readonly reason: string };

/** Stream → sink. */
export type ToSink = { readonly t: 'pull' } | { readonly t: 'cancel' };

/** How often the page pings the service worker while bytes stream: the browser ends an idle one after 30 s. */
export const pingEveryMs = 10_000;
