import { navigate } from 'wouter/use-hash-location';
import { create } from 'zustand';
import { commands } from '../app/commands.ts';
import type { DroppedFile } from '../app/commands-api.ts';
import { pageState } from '../app/state.ts';
import { type Gathered, gather } from './dropped-entries.ts';

interface FileIntake {
  /** Something with files hovers over the page. */
  readonly hovering: boolean;
  /** Folders are being looked through. */
  readonly gathering: boolean;
  /** Files that came before the peer ran; they are sent as soon as it does. */
  readonly held: readonly DroppedFile[];
  /** What was last given, to say what of it was left out. */
  readonly last?: Gathered | undefined;
}

/** Files come from anywhere on the page: dropped, pasted, or chosen. */
export const useFileIntake = create<FileIntake>()(() => ({ hovering: false, gathering: false, held: [] }));

/** Sends files, or holds them until the peer runs, and shows the screen where they appear. Without a peer to come they are ignored. */
export function takeFiles(gathered: Gathered): void {
  const { phase } = pageState();
  if (phase !== 'running' && phase !== 'starting') return;
  useFileIntake.setState({ last: gathered });
  const { files } = gathered;
  if (phase === 'running') commands.drop(files);
  else useFileIntake.setState(({ held }) => ({ held: [...held, ...files] }));
  // What brought no file has at least a word to say, and that stands where files appear.
  navigate('/');
}

/** Sends what was held. Needs a running peer. */
export function sendHeldFiles(): void {
  const { held } = useFileIntake.getState();
  if (held.length === 0) return;
  useFileIntake.setState({ held: [] });
  commands.drop(held);
}

/** Listens on the whole page for the rest of its life. */
export function listenForFiles(): void {
  const hover = (hovering: boolean): void => {
    if (useFileIntake.getState().hovering !== hovering) useFileIntake.setState({ hovering });
  };
  window.addEventListener('dragover', (event) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    hover(true);
  });
  window.addEventListener('dragleave', (event) => {
    // Leaving an element for another one on the page names that one; leaving the window names none.
    if (event.relatedTarget === null) hover(false);
  });
  window.addEventListener('drop', (event) => {
    hover(false);
    void takeFrom(event, event.dataTransfer);
  });
  window.addEventListener('paste', (event) => void takeFrom(event, event.clipboardData));
}

async function takeFrom(event: Event, data: DataTransfer | null): Promise<void> {
  if (data === null || !carriesFiles(data)) return;
  event.preventDefault();
  // Entries and files are gone once the event has been heard: all are taken from it before anything is awaited.
  const items = [...data.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  // What is no entry, such as a picture from the clipboard, is a file without a place.
  const loose = items.flatMap(({ entry, file }) => (entry === null && file !== null ? [{ file, name: file.name }] : []));
  useFileIntake.setState({ gathering: true });
  try {
    const found = await gather(items.flatMap(({ entry }) => entry ?? []));
    takeFiles({ ...found, files: [...loose, ...found.files] });
  } finally {
    useFileIntake.setState({ gathering: false });
  }
}

function carriesFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') ?? false;
}
