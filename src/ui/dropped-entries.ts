import type { DroppedFile } from '../app/commands-api.ts';

/** What was found in files and folders that a person gave. */
export interface Gathered {
  readonly files: readonly DroppedFile[];
  /** Paths of what the browser could not read. */
  readonly unreadable: readonly string[];
  /** There was more than `filesMax`, which was left out. */
  readonly more: boolean;
}

/** Files taken at once; more is mostly a mistake, such as a whole home folder. */
export const filesMax = 10_000;
/** Files and folders looked at, so that a tree of empty folders has an end. */
const foundMax = 4 * filesMax;

/** Files that a picker gave, under their path where a folder was chosen. */
export function chosenFiles(files: readonly File[]): Gathered {
  return {
    files: files.slice(0, filesMax).map((file) => ({ file, name: file.webkitRelativePath || file.name })),
    unreadable: [],
    more: files.length > filesMax,
  };
}

/**
 * Every file at and below the given entries, folder by folder, named by its path. What cannot be read is told by its path, and
 * nothing else is lost by it.
 */
export async function gather(entries: readonly FileSystemEntry[]): Promise<Gathered> {
  const files: DroppedFile[] = [];
  const unreadable: string[] = [];
  // Grows while it is walked.
  const found = [...entries];
  for (const entry of found) {
    if (files.length === filesMax || found.length > foundMax) return { files, unreadable, more: true };
    const name = entry.fullPath.replace(/^\//, '');
    try {
      if (isFolder(entry)) found.push(...(await contents(entry)));
      else if (isFile(entry)) files.push({ file: await fileOf(entry), name });
    } catch {
      unreadable.push(name);
    }
  }
  return { files, unreadable, more: false };
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));

/** All entries of a folder: a reader gives them in portions, the last one empty. */
async function contents(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0 || all.length > foundMax) return all;
    all.push(...portion);
  }
}
