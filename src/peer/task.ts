import { ShoalError } from '../core/errors.ts';

/** A piece of work that can be given up while it waits: what waits in it learns that at once. */
export interface Task {
  /** Throws `cancelled` once the task has ended. */
  requireGoing(): void;
  /** What `work` gives; throws `cancelled` when the task ends before. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Calls `run` when the task ends, at once if it has; the returned function takes that back. */
  onEnd(run: () => void): () => void;
  /** The work is done or given up. */
  end(): void;
}

/** @param words the message of the `cancelled` error, for a person */
export function createTask(words: string): Task {
  const listeners = new Set<() => void>();
  let ended = false;
  const cancelled = (): ShoalError => new ShoalError('cancelled', words);

  const onEnd = (run: () => void): (() => void) => {
    if (ended) run();
    else listeners.add(run);
    return () => void listeners.delete(run);
  };

  return {
    requireGoing() {
      if (ended) throw cancelled();
    },
    async race(work) {
      let takeBack = (): void => {};
      const end = new Promise<never>((_, reject) => {
        takeBack = onEnd(() => reject(cancelled()));
      });
      try {
        return await Promise.race([end, work]);
      } finally {
        takeBack();
      }
    },
    onEnd,
    end() {
      ended = true;
      const told = [...listeners];
      listeners.clear();
      for (const run of told) run();
    },
  };
}
