import type { EventView, FileView, Snapshot } from '../../peer/snapshot.ts';

/** A snapshot on its way to the page: of ten thousand own files and the last events only what is new, or the way would cost more than the page has. */
export interface SnapshotChange {
  readonly rest: Omit<Snapshot, 'files' | 'events'>;
  /** Files that are new or changed. */
  readonly files: readonly FileView[];
  /** Ids of all files in their order, where that is not as before. */
  readonly order?: readonly string[];
  /** All of them, where one came. */
  readonly events?: readonly EventView[];
}

/** The peer's end: what is new in each snapshot since the one before. A view that did not change is the same object, as is the list of events. */
export function snapshotChanges(): (snapshot: Snapshot) => SnapshotChange {
  let before: readonly FileView[] | undefined;
  let told: readonly EventView[] | undefined;
  return ({ files, events, ...rest }) => {
    const known = new Set(before);
    const sameEvents = events === told;
    told = events;
    const sameOrder = before?.length === files.length && files.every(({ id }, i) => id === before![i]!.id);
    before = files;
    return {
      rest,
      files: files.filter((file) => !known.has(file)),
      ...(sameOrder ? {} : { order: files.map(({ id }) => id) }),
      ...(sameEvents ? {} : { events }),
    };
  };
}

/** The page's end: the whole snapshot again. What did not change stays the same object here too, so that nothing draws it anew. */
export function joinSnapshot(before: Snapshot | undefined, change: SnapshotChange): Snapshot {
  const { rest, files, order, events = before?.events ?? [] } = change;
  const known = before?.files ?? [];
  if (files.length === 0 && order === undefined) return { ...rest, files: known, events };
  const byId = new Map([...known, ...files].map((file) => [file.id, file]));
  const ids = order ?? known.map(({ id }) => id);
  return { ...rest, files: ids.flatMap((id) => byId.get(id) ?? []), events };
}
