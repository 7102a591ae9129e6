import { create } from 'zustand';
import type { Snapshot } from '../app/state.ts';
import { advance, type Pace } from '../figures/pace.ts';

/** Paces of what moves, by id of file or receive. An id is the beginning of a record key, so an own link opened here shares it. */
type Paces = ReadonlyMap<string, Pace>;

const usePaceStore = create<{ readonly uploads: Paces; readonly downloads: Paces }>()(() => ({
  uploads: new Map(),
  downloads: new Map(),
}));

export function useUploadPace(fileId: string): Pace | undefined {
  return usePaceStore((state) => state.uploads.get(fileId));
}

export function useDownloadPace(receiveId: string): Pace | undefined {
  return usePaceStore((state) => state.downloads.get(receiveId));
}

/** Takes in what a snapshot says of transfers; those that move no more are forgotten. */
export function observePaces(snapshot: Snapshot | undefined, nowMs: number): void {
  const before = usePaceStore.getState();
  const uploads = new Map<string, Pace>();
  for (const file of snapshot?.files ?? []) {
    const { id } = file;
    const { state, bytesStored, bytesTotal } = file.replacing ?? file;
    if (state === 'spreading') uploads.set(id, advance(before.uploads.get(id), nowMs, bytesStored, bytesTotal));
  }
  const downloads = new Map<string, Pace>();
  for (const { id, state, bytesDone, bytesWanted } of snapshot?.receives ?? []) {
    if (state === 'downloading') downloads.set(id, advance(before.downloads.get(id), nowMs, bytesDone, bytesWanted));
  }
  if (!same(before.uploads, uploads) || !same(before.downloads, downloads)) usePaceStore.setState({ uploads, downloads });
}

function same(a: Paces, b: Paces): boolean {
  return a.size === b.size && [...a].every(([id, pace]) => b.get(id) === pace);
}
