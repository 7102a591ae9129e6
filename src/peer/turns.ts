import type { Task } from './task.ts';

/** Uploads under way at once, and how many of them may be of large files: so that a small one never waits for large ones alone. */
export const uploadsMax = 4;
export const largeUploadsMax = 3;
/** A file above this is large. */
export const largeFileBytes = 16_777_216;

/** A file in line. */
export interface InLine {
  readonly bytes: number;
  /** It had its turn before, and somebody who can take it has come. */
  readonly again: boolean;
}

/**
 * Whose turn it is (SPEC UP-9): the first in line whose size still has room, or nobody. One that rests takes the room of files of its size
 * and of larger ones, which nobody could take either; not that of smaller ones.
 *
 * @param running bytes of the files under way
 * @param resting bytes of the files that had their turn and wait for somebody who can take them
 * @param line the files that wait for their turn, in the order in which they came
 * @returns index into `line`
 */
export function nextInLine(running: readonly number[], resting: readonly number[], line: readonly InLine[]): number | undefined {
  const index = line.findIndex(({ bytes, again }) => {
    const before = again ? running : [...running, ...resting.filter((size) => size <= bytes)];
    return before.length < uploadsMax && (!isLarge(bytes) || before.filter(isLarge).length < largeUploadsMax);
  });
  return index === -1 ? undefined : index;
}

const isLarge = (bytes: number): boolean => bytes > largeFileBytes;

/** Uploads take turns: of a thousand dropped files a few are read and sealed at a time, and the others cost nothing yet. */
export interface Turns {
  /** Resolves when the turn of a file of so many bytes has come; it lasts until `task` ends. Throws `cancelled` when that is before. */
  take(bytes: number, task: Task): Promise<Turn>;
}

/** The turn of one file. */
export interface Turn {
  /** Lets smaller files go on while nobody can take this one. */
  rest(): void;
  readonly resting: boolean;
  /** Ends the rest when the file's turn has come again, which is before those that had none. Throws `cancelled` when the task ends. */
  again(): Promise<void>;
}

/** A file and where it stands, from its place in line on. */
interface Place {
  readonly bytes: number;
  begin: () => void;
}

export function createTurns(): Turns {
  const running = new Set<Place>();
  const resting = new Set<Place>();
  const returning: Place[] = [];
  const line: Place[] = [];

  const next = (): Place | undefined => {
    // What happens for each of ten thousand files that are dropped at once.
    if (running.size >= uploadsMax) return undefined;
    const waiting = [...returning, ...line];
    const index = nextInLine(
      bytesOf(running),
      bytesOf(resting),
      waiting.map(({ bytes }, i) => ({ bytes, again: i < returning.length })),
    );
    return index === undefined ? undefined : waiting[index];
  };

  const leave = (place: Place): void => {
    running.delete(place);
    resting.delete(place);
    for (const queue of [returning, line]) if (queue.includes(place)) queue.splice(queue.indexOf(place), 1);
  };

  const admit = (): void => {
    for (let place = next(); place !== undefined; place = next()) {
      leave(place);
      running.add(place);
      place.begin();
    }
  };

  const stand = (place: Place, queue: Place[], task: Task): Promise<void> =>
    task.race(
      new Promise<void>((begin) => {
        place.begin = begin;
        queue.push(place);
        admit();
      }),
    );

  return {
    async take(bytes, task) {
      const place: Place = { bytes, begin() {} };
      const begun = stand(place, line, task);
      task.onEnd(() => {
        leave(place);
        admit();
      });
      await begun;
      return {
        rest() {
          if (!running.delete(place)) return;
          resting.add(place);
          admit();
        },
        get resting() {
          return resting.has(place);
        },
        async again() {
          task.requireGoing();
          resting.delete(place);
          await stand(place, returning, task);
        },
      };
    },
  };
}

const bytesOf = (places: Iterable<Place>): number[] => [...places].map(({ bytes }) => bytes);
