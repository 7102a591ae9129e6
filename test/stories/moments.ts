import type { FileView, PageState, Snapshot } from '../../src/app/state.ts';
import { megabyte } from './made-up.ts';

/** Bytes that the busy story moves over each link it uses. */
const movedBytes = 60 * megabyte;

/** Between two moments. */
export const momentMs = 800;

/** A file, or its next version, when less of it had come to its holders. */
function earlier(file: FileView, share: number): FileView {
  const { replacing } = file;
  if (replacing?.state === 'spreading') return { ...file, replacing: { ...replacing, bytesStored: replacing.bytesStored * share } };
  return file.state === 'spreading' ? { ...file, bytesStored: file.bytesStored * share } : file;
}

/** The page as it became what it is: everything that moves came at a steady pace, and who is away left last. The last is the page itself. */
export function moments(page: PageState, nowMs: number): { readonly snapshot: Snapshot; readonly ms: number }[] {
  const { snapshot } = page;
  if (snapshot === undefined) return [];
  return Array.from({ length: 21 }, (_, step) => {
    const share = 0.5 + step / 40;
    const toCome = movedBytes * (1 - step / 20);
    const files = snapshot.files.map((file) => earlier(file, share));
    const receives = snapshot.receives.map((receive) =>
      receive.state === 'downloading' ? { ...receive, bytesDone: receive.bytesDone * share } : receive,
    );
    const moves = (file: { readonly state: string }): boolean => file.state === 'spreading' || file.state === 'downloading';
    const up = files.some(moves) ? toCome : 0;
    const down = receives.some(moves) ? toCome : 0;
    const peers = snapshot.peers.map((peer, i) => ({
      ...peer,
      ...(peer.state === 'away' && step < 20 ? { state: 'live' as const } : {}),
      sent: peer.sent - (i % 2 === 0 ? Math.min(peer.sent, up) : 0),
      received: peer.received - (i % 3 === 0 ? Math.min(peer.received, down) : 0),
    }));
    return { ms: nowMs - (20 - step) * momentMs, snapshot: { ...snapshot, files, receives, peers } };
  });
}
