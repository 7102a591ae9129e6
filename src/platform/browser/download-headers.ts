import { saveName } from '../save-name.ts';
import type { DownloadMeta } from './download-protocol.ts';

/** Media types a browser shows without running anything in them. Everything else is saved as plain bytes. */
const harmless = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp)|(?:audio|video)\/[a-z0-9.+-]+|text\/plain|application\/(?:pdf|zip))$/;

/** `media` without parameters if it is harmless to show, else `application/octet-stream`: the sender chose it, and it is served from our origin. */
export function safeMedia(media: string): string {
  const bare = (media.split(';')[0] ?? '').trim().toLowerCase();
  return harmless.test(bare) ? bare : 'application/octet-stream';
}

/** `attachment` with the name in both forms of RFC 6266: plain ASCII for old readers, UTF-8 by RFC 8187. */
export function contentDisposition(name: string): string {
  const safe = saveName(name);
  const ascii = safe.replace(/[^\u0020-\u007e]|["%]/g, '_');
  // encodeURIComponent leaves four characters that RFC 8187 wants escaped.
  const utf8 = encodeURIComponent(safe).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}

/** Headers of a streamed download: saved, never shown, and powerless should a browser show it anyway. */
export function downloadHeaders({ name, media, size }: DownloadMeta): Record<string, string> {
  return {
    'Content-Disposition': contentDisposition(name),
    'Content-Type': safeMedia(media),
    'Content-Length': String(size),
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
}
