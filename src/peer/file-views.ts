import { type FileStatus, fileView } from './file-view.ts';
import type { FileView } from './snapshot.ts';
import { createStandings, type KnownPeers } from './standings.ts';

/** Views of own files. Of ten thousand files few change between two snapshots, and the view of one that did not is the same object. */
export interface FileViews {
  of(files: Iterable<FileStatus>): readonly FileView[];
}

/** A view with what it was made of. */
interface Made {
  readonly of: FileStatus;
  readonly view: FileView;
  /** It holds from one time until another, ms: claims expire. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export function createFileViews(membership: KnownPeers, now: () => number): FileViews {
  let made = new Map<string, Made>();
  const standings = createStandings(membership);

  const make = (file: FileStatus, nowMs: number): Made => {
    const view = fileView(file, (node) => standings.of(node), nowMs);
    const claims = (file.record?.heads ?? []).flatMap((head) => [...head.claims.values()]);
    const ends = claims.map(({ claim }) => claim.expiresMs).filter((ms) => ms > nowMs);
    return { of: { ...file }, view, fromMs: nowMs, untilMs: ends.reduce((least, ms) => Math.min(least, ms), Infinity) };
  };

  return {
    of(files) {
      const nowMs = now();
      const changed = standings.changed();
      const holds = ({ of, view, fromMs, untilMs }: Made, file: FileStatus): boolean =>
        isSame(of, file) &&
        fromMs <= nowMs &&
        nowMs < untilMs &&
        (changed.size === 0 || !view.holders.some(({ node }) => changed.has(node)));
      const kept = new Map<string, Made>();
      for (const file of files) {
        const before = made.get(file.id);
        kept.set(file.id, before !== undefined && holds(before, file) ? before : make(file, nowMs));
      }
      if ([...made].some(([id, { view }]) => view !== kept.get(id)?.view && !hasHolders(kept.get(id)?.view, view)))
        standings.keep(new Set([...kept.values()].flatMap(({ view }) => view.holders.map(({ node }) => node))));
      made = kept;
      return [...kept.values()].map(({ view }) => view);
    },
  };
}

/** Whether a view has all holders of the one before it. */
const hasHolders = (view: FileView | undefined, before: FileView): boolean =>
  before.holders.every(({ node }) => view?.holders.some((holder) => holder.node === node) === true);

const isSame = (a: FileStatus, b: FileStatus): boolean =>
  a.state === b.state &&
  a.sealed === b.sealed &&
  a.record === b.record &&
  a.bytesDurable === b.bytesDurable &&
  a.error === b.error &&
  a.own === b.own &&
  a.replacing === b.replacing;
