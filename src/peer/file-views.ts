import { type FileStatus, fileView, type Standing } from './file-view.ts';
import type { Membership } from './membership.ts';
import type { FileView } from './snapshot.ts';

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

export function createFileViews(membership: Pick<Membership, 'peer' | 'mayReturn'>, now: () => number): FileViews {
  let made = new Map<string, Made>();
  /** How every holder stood that was asked after. */
  const standings = new Map<string, Standing>();

  const standing = (node: string): Standing => {
    const known = standings.get(node) ?? standingOf(membership, node);
    standings.set(node, known);
    return known;
  };

  /** The holders that stand otherwise than before. */
  const changedHolders = (): ReadonlySet<string> => {
    const changed = new Set<string>();
    for (const [node, before] of standings) {
      const after = standingOf(membership, node);
      if (after === before) continue;
      changed.add(node);
      standings.set(node, after);
    }
    return changed;
  };

  const make = (file: FileStatus, nowMs: number): Made => {
    const view = fileView(file, standing, nowMs);
    const ends = [...(file.record?.claims.values() ?? [])].map(({ claim }) => claim.expiresMs).filter((ms) => ms > nowMs);
    return { of: { ...file }, view, fromMs: nowMs, untilMs: ends.reduce((least, ms) => Math.min(least, ms), Infinity) };
  };

  return {
    of(files) {
      const nowMs = now();
      const changed = changedHolders();
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
      made = kept;
      return [...kept.values()].map(({ view }) => view);
    },
  };
}

const standingOf = (membership: Pick<Membership, 'peer' | 'mayReturn'>, node: string): Standing => {
  const state = membership.peer(node)?.state ?? 'unknown';
  return state === 'unknown' && !membership.mayReturn(node) ? 'gone' : state;
};

const isSame = (a: FileStatus, b: FileStatus): boolean =>
  a.state === b.state && a.sealed === b.sealed && a.record === b.record && a.bytesDurable === b.bytesDurable && a.error === b.error;
