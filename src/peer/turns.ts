import type { Task } from './task.ts';

/** Uploads under way at once, and how many of them may be of large files: so that a small one never waits for large ones alone. */
export const uploadsMax = 4;
export const largeUploadsMax = 3;
/** A file above this is large. */
export const largeFileBytes = 16_777_216;

/**
 * Whose turn it is (SPEC UP-9): the first in line whose size still has room, or nobody.
 *
 * @param running bytes of the files under way
 * @param line bytes of the files that wait, in the order in which they came
 * @returns index into `line`
 */
export function nextInLine(running: readonly number[], line: readonly number[]): number | undefined {
  if (running.length >= uploadsMax) return undefined;
  const roomForLarge = running.filter(isLarge).length < largeUploadsMax;
  const index = line.findIndex((bytes) => roomForLarge || !isLarge(bytes));
  return index === -1 ? undefined : index;
}

const isLarge = (bytes: number): boolean => bytes > largeFileBytes;

/** Uploads take turns: of a thousand dropped files a few are read and sealed at a time, and the others cost nothing yet. */
export interface Turns {
  /** Resolves when the turn of a file of so many bytes has come; it lasts until `task` ends. Throws `cancelled` when that is before. */
  take(bytes: number, task: Task): Promise<void>;
}

export function createTurns(): Turns {
  interface Turn {
    readonly bytes: number;
    readonly begin: () => void;
  }
  const running = new Set<Turn>();
  const line: Turn[] = [];
  const bytesOf = (turns: Iterable<Turn>): number[] => [...turns].map(({ bytes }) => bytes);

  const admit = (): void => {
    for (let next = nextInLine(bytesOf(running), bytesOf(line)); next !== undefined; next = nextInLine(bytesOf(running), bytesOf(line))) {
      const [turn] = line.splice(next, 1);
      running.add(turn!);
      turn!.begin();
    }
  };

  return {
    take(bytes, task) {
      const begun = new Promise<void>((begin) => {
        const turn: Turn = { bytes, begin };
        line.push(turn);
        task.onEnd(() => {
          if (!running.delete(turn)) line.splice(line.indexOf(turn), 1);
          admit();
        });
        admit();
      });
      return task.race(begun);
    },
  };
}
