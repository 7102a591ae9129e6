import { navigate } from 'wouter/use-hash-location';
import { create } from 'zustand';
import { commands } from '../app/commands.ts';
import { pageState } from '../app/state.ts';

interface FileIntake {
  /** Something with files hovers over the page. */
  readonly hovering: boolean;
  /** Files that came before the peer ran; they are sent as soon as it does. */
  readonly held: readonly File[];
  /** A folder was dropped, which cannot be sent yet. */
  readonly refusedFolder: boolean;
}

/** Files come from anywhere on the page: dropped, pasted, or chosen. */
export const useFileIntake = create<FileIntake>()(() => ({ hovering: false, held: [], refusedFolder: false }));

/** Sends files, or holds them until the peer runs, and shows the screen where they appear. Without a peer to come they are ignored. */
export function takeFiles(files: readonly File[], refusedFolder = false): void {
  useFileIntake.setState({ refusedFolder });
  // A folder alone brings no file, but the word on it stands where files appear.
  if (files.length === 0 && !refusedFolder) return;
  const { phase } = pageState();
  if (phase === 'running') commands.drop(files);
  else if (phase === 'starting') useFileIntake.setState(({ held }) => ({ held: [...held, ...files] }));
  else return;
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
    takeFrom(event, event.dataTransfer);
  });
  window.addEventListener('paste', (event) => takeFrom(event, event.clipboardData));
}

function takeFrom(event: Event, data: DataTransfer | null): void {
  if (data === null || !carriesFiles(data)) return;
  event.preventDefault();
  const items = [...data.items].filter((item) => item.kind === 'file');
  const files = items.filter((item) => !isFolder(item)).flatMap((item) => item.getAsFile() ?? []);
  takeFiles(files, items.some(isFolder));
}

function carriesFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') ?? false;
}

/** A folder comes as an item that looks like an empty file and cannot be read. */
function isFolder(item: DataTransferItem): boolean {
  return item.webkitGetAsEntry()?.isDirectory ?? false;
}
