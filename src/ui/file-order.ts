import type { FileView } from '../app/state.ts';
import { isUploading } from './transfers.ts';

const rankOfHealth: Readonly<Record<FileView['health'], number>> = {
  'At risk': 0,
  Lost: 1,
  Waiting: 2,
  Repairing: 3,
  Spreading: 4,
  Thin: 5,
  Safe: 6,
};

/** How much a file needs to be looked at; 0 is most. What failed stands after what is in danger, what moves after that. */
function rank(file: FileView): number {
  if (file.state === 'failed') return 2.5;
  if (isUploading(file) || file.state === 'deleting') return rankOfHealth.Spreading;
  return file.state === 'cancelled' ? rankOfHealth.Safe : rankOfHealth[file.health];
}

/** Worst first, and newest first among what is equally well: so newest first where all is well. */
export function worstFirst(files: readonly FileView[]): readonly FileView[] {
  return files.toSorted((a, b) => rank(a) - rank(b) || b.addedMs - a.addedMs);
}

/** The files with these letters in their name, in any case; all of them for none. */
export function named(files: readonly FileView[], search: string): readonly FileView[] {
  const letters = search.trim().toLocaleLowerCase();
  return letters === '' ? files : files.filter((file) => file.name.toLocaleLowerCase().includes(letters));
}
