import type { DroppedFile } from './commands-api.ts';
import type { FileView } from './state.ts';

/** Files as dropped, by the id of their upload: what a retry starts from. Each keeps its bytes reachable, so none stays for nothing. */
export type DroppedFiles = Map<string, DroppedFile>;

/** Forgets what no retry can start from any more (SPEC UI-25): what was stored, and what is off the list. */
export function forgetEnded(dropped: DroppedFiles, files: readonly Pick<FileView, 'id' | 'state' | 'replacing'>[]): void {
  if (dropped.size === 0) return;
  const retried = new Set(files.flatMap(({ id, state, replacing }) => (state === 'stored' && replacing === undefined ? [] : id)));
  for (const id of dropped.keys()) if (!retried.has(id)) dropped.delete(id);
}
