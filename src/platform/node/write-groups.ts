import { ShoalError } from '../../core/errors.ts';

/** Writes of many callers, each group of them one durable transaction. */
export interface WriteGroups {
  /**
   * Runs `write` in the next group, in the order of the calls. Resolves when that group is durable; all of a group fail together.
   * @param subject what it changes
   */
  add(subject: string, write: () => void): Promise<void>;
  /** Resolves when no change of `subject`, or none at all, waits any more: what is read then is durable. */
  written(subject?: string): Promise<void>;
  /** Writes what waits at once; nothing may be added any more. */
  close(): void;
}

interface Group {
  readonly subjects: Set<string>;
  readonly writes: (() => void)[];
  readonly done: Promise<void>;
  run(): void;
}

/** Longest pause before a group, ms. */
const pauseMsMax = 50;

/**
 * A durable transaction holds up the whole thread until the disk has it. So after each one the thread is left alone for as long as that
 * one took, and what comes meanwhile makes up the next group: at most half of the thread's time goes into flushes.
 *
 * @param commit runs the writes in one transaction, at once; nothing is kept of them when it throws
 */
export function writeGroups(commit: (writes: readonly (() => void)[]) => void): WriteGroups {
  let group: Group | undefined;
  let restUntil = 0;
  let closed = false;

  const begin = (): Group => {
    const writes: (() => void)[] = [];
    const { promise, resolve, reject } = deferred();
    const run = (): void => {
      clearTimeout(timer);
      group = undefined;
      const started = performance.now();
      try {
        commit(writes);
        resolve();
      } catch (error) {
        reject(error);
      }
      const ended = performance.now();
      restUntil = ended + (ended - started);
    };
    // A timer even without a pause, so that all writes of this turn share the group.
    const timer = setTimeout(run, Math.max(0, Math.min(pauseMsMax, restUntil - performance.now())));
    return { subjects: new Set(), writes, done: promise, run };
  };

  return {
    async add(subject, write) {
      if (closed) throw new ShoalError('cancelled', 'The meta store was closed.');
      group ??= begin();
      group.subjects.add(subject);
      group.writes.push(write);
      await group.done;
    },
    async written(subject) {
      if (closed) throw new ShoalError('cancelled', 'The meta store was closed.');
      if (group === undefined || (subject !== undefined && !group.subjects.has(subject))) return;
      // Whoever wrote is told why it failed; then what was there before is still there.
      await group.done.catch(() => {});
    },
    close() {
      closed = true;
      group?.run();
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
