import type { FileView, PeerView, ReceiveView, Snapshot, UploadView } from '../app/state.ts';
import { fraction } from '../figures/format.ts';

/** Bytes of this upload are still on their way: leaving now hurts, cancelling is possible. */
export function isUploading({ state }: Pick<UploadView, 'state'>): boolean {
  return state === 'queued' || state === 'sealing' || state === 'waiting' || state === 'spreading';
}

/** Its link opens it, or will once it is stored. One that was cancelled or failed is sealed anew, under another link. */
export function hasLink({ state }: Pick<FileView, 'state'>): boolean {
  return state !== 'cancelled' && state !== 'failed' && state !== 'deleting';
}

/** It is stored and nothing of it moves: its owner can replace it, or take it back. What was not stored is only taken off the list. */
export function isChangeable({ state, replacing }: Pick<FileView, 'state' | 'replacing'>): boolean {
  return state === 'stored' && (replacing === undefined || !isUploading(replacing));
}

/** The version before one that came to nothing is known, and its link opens it. */
export function isAsBefore(file: Pick<FileView, 'version' | 'state' | 'health'>): boolean {
  return file.version > 0 && !isLost(file);
}

/** It was stored, and too few of its shards are left, even with all that may come back: its lease and its link promise nothing. */
export function isLost({ state, health }: Pick<FileView, 'state' | 'health'>): boolean {
  return state === 'stored' && health === 'Lost';
}

/** It failed by an error that has words of its own; of what only the end of its tab cut short, the file's sentence tells. */
export function hasFailed({ state, error }: Pick<FileView, 'state' | 'error'>): boolean {
  return state === 'failed' && error !== 'cancelled';
}

/** Its words tell to send something else, or elsewhere: the same would fail the same way. */
export function isHopeless({ error }: Pick<FileView, 'error'>): boolean {
  return error === 'not-found' || error === 'integrity' || error === 'too-large' || error === 'bad-input';
}

/** The share of an upload that holders reported as durable, from 0 to 1; undefined while sealing has not told the whole. */
export function uploadShare({
  state,
  bytesStored,
  bytesTotal,
}: Pick<UploadView, 'state' | 'bytesStored' | 'bytesTotal'>): number | undefined {
  if (state === 'queued' && bytesTotal === 0) return 0;
  return state === 'sealing' ? undefined : fraction(bytesStored, bytesTotal);
}

/** A download runs, or waits for peers to go on: cancelling is possible. (Before the name is known, what waits is the opening of the link.) */
export function isDownloading({ state, name }: Pick<ReceiveView, 'state' | 'name'>): boolean {
  return state === 'downloading' || (state === 'waiting' && name !== undefined);
}

/** Nothing that can be done here brings it back. */
export function isGone({ deleted, expired }: Pick<ReceiveView, 'deleted' | 'expired'>): boolean {
  return deleted || expired;
}

/** The share of a download, or of the part of it that was asked for, that was verified and handed over. Nothing is whole at once. */
export function downloadShare(receive: ReceiveView): number | undefined {
  if (receive.size === undefined) return undefined;
  return receive.bytesWanted === 0 ? 1 : fraction(receive.bytesDone, receive.bytesWanted);
}

/** Something moves now, or is being made ready to: nothing of it only waits. */
export function isMoving({ files, receives }: Snapshot): boolean {
  const isOnItsWay = ({ state }: Pick<UploadView, 'state'>): boolean => state === 'sealing' || state === 'spreading';
  return files.some((file) => isOnItsWay(file.replacing ?? file)) || receives.some(({ state }) => state === 'downloading');
}

/** Leaving this tab now would hurt (SPEC UI-7): what moves would be lost, or somebody's file needs the shards held here. */
export function isLeavingHarmful(snapshot: Snapshot | undefined): boolean {
  if (snapshot === undefined) return false;
  return (
    snapshot.self.needed || snapshot.files.some((file) => isUploading(file.replacing ?? file)) || snapshot.receives.some(isDownloading)
  );
}

export function livePeers(snapshot: Pick<Snapshot, 'peers'> | undefined): readonly PeerView[] {
  return snapshot?.peers.filter((peer) => peer.state === 'live') ?? [];
}

/** Whether everybody online, two peers or more, was seen by signaling to be on its own machine. */
export function areOnOneMachine(live: readonly PeerView[]): boolean {
  return live.length > 1 && live.every(({ local }) => local === true);
}

/**
 * The segment with the fewest shards held, as holders per shard: what the strip of a whole object shows, because an object is as
 * well as its worst segment. The first of them where several are alike; empty while no shard is known.
 */
export function worstSegment({ k, m, shards, state }: Pick<FileView, 'k' | 'm' | 'shards' | 'state'>): readonly number[] {
  const n = k + m;
  const all = Array.from({ length: n === 0 ? 0 : shards.length / n }, (_, segment) => shards.slice(segment * n, (segment + 1) * n));
  // While a file spreads its later segments have nothing yet.
  const begun = state === 'stored' ? all : all.filter((segment) => heldCount(segment) > 0);
  const [first = [], ...others] = begun.length > 0 ? begun : all;
  return others.reduce((worst, segment) => (heldCount(segment) < heldCount(worst) ? segment : worst), first);
}

/** How many shards of a segment at least one live holder claims. */
export function heldCount(segment: readonly number[]): number {
  return segment.filter((holders) => holders > 0).length;
}
