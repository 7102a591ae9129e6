import type { FileView, PeerView, ReceiveView, Snapshot } from '../app/state.ts';
import { fraction } from './format.ts';

/** Bytes of this upload are still on their way: leaving now hurts, cancelling is possible. */
export function isUploading(file: Pick<FileView, 'state'>): boolean {
  return file.state === 'sealing' || file.state === 'waiting' || file.state === 'spreading';
}

/** It failed by an error that has words of its own; of what only the end of its tab cut short, the file's sentence tells. */
export function hasFailed(file: Pick<FileView, 'state' | 'error'>): boolean {
  return file.state === 'failed' && file.error !== 'cancelled';
}

/** The share of an upload that holders reported as durable, from 0 to 1; undefined while sealing has not told the whole. */
export function uploadShare(file: FileView): number | undefined {
  return file.state === 'sealing' ? undefined : fraction(file.bytesStored, file.bytesTotal);
}

/** The share of a download that was verified and handed over. An empty file is whole at once. */
export function downloadShare(receive: ReceiveView): number | undefined {
  if (receive.size === undefined) return undefined;
  return receive.size === 0 ? 1 : fraction(receive.bytesDone, receive.size);
}

/** Leaving this tab now would lose something. */
export function isLeavingHarmful(snapshot: Snapshot | undefined): boolean {
  if (snapshot === undefined) return false;
  return snapshot.files.some(isUploading) || snapshot.receives.some((receive) => receive.state === 'downloading');
}

export function livePeers(snapshot: Snapshot | undefined): readonly PeerView[] {
  return snapshot?.peers.filter((peer) => peer.state === 'live') ?? [];
}

/**
 * The segment with the fewest shards held, as holders per shard: what the strip of a whole object shows, because an object is as
 * well as its worst segment. The first of them where several are alike; empty while no shard is known.
 */
export function worstSegment(file: Pick<FileView, 'k' | 'm' | 'shards'>): readonly number[] {
  const n = file.k + file.m;
  let worst: readonly number[] = file.shards.slice(0, n);
  for (let start = n; n > 0 && start < file.shards.length; start += n) {
    const segment = file.shards.slice(start, start + n);
    if (heldCount(segment) < heldCount(worst)) worst = segment;
  }
  return worst;
}

/** How many shards of a segment at least one live holder claims. */
export function heldCount(segment: readonly number[]): number {
  return segment.filter((holders) => holders > 0).length;
}
