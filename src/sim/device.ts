import type { Clock } from '../peer/ports.ts';

/** A change of a disk that was asked for and is not durable yet. */
interface Pending {
  readonly apply: () => Promise<unknown>;
  /** Leaves the first half of it, as a power cut does; absent where a change is all or nothing. */
  readonly tear: (() => void) | undefined;
}

/** How many of the changes that were under way when a process died are there by half, and how many not at all. */
export interface Crashed {
  readonly torn: number;
  readonly lost: number;
}

/** What one life of a peer asks of its disk, and how long that takes (SPEC SIM-7). */
export interface Device {
  /** Makes a change in the time a write takes, after all that were asked for before; resolves when it is durable. */
  write<T>(what: string, change: () => Promise<T>, tear?: () => void): Promise<T>;
  read<T>(look: () => Promise<T>): Promise<T>;
  /** Calls `run` once, while the next change that is asked for is under way; where `tearable`, the next that can be torn. Returned: forgets it. */
  onWrite(tearable: boolean, run: () => void): () => void;
  /**
   * The process dies. Of the changes under way the first ones are there, as many as `keep` says of a list that tells of each whether it
   * can be torn; the next one is there by half if it can be, the others are lost. What was said to be durable is there. Nobody is told
   * any more.
   */
  crash(keep: (tearable: readonly boolean[]) => number): Crashed;
  /** Nothing more can be put into it. */
  isFull: boolean;
}

export function createDevice(options: {
  /** The peer's: what is asked for ends in its process. */
  readonly clock: Clock;
  readonly writeMs: number;
  readonly readMs: number;
  /** A change is durable. */
  readonly durable: (what: string) => void;
}): Device {
  const { clock, writeMs, readMs, durable } = options;
  const pending: Pending[] = [];
  const watchers = new Set<{ readonly tearable: boolean; readonly run: () => void }>();
  let isDead = false;

  const after = <T>(ms: number, done: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => void clock.timer(ms, () => void (isDead || done().then(resolve, reject))));

  const watched = (tearable: boolean): void => {
    for (const watcher of [...watchers]) {
      if (watcher.tearable && !tearable) continue;
      watchers.delete(watcher);
      watcher.run();
    }
  };

  return {
    isFull: false,
    write(what, change, tear) {
      const apply = async () => {
        const result = await change();
        durable(what);
        return result;
      };
      if (writeMs === 0) return apply();
      const asked: Pending = { apply, tear };
      pending.push(asked);
      const written = after(writeMs, () => {
        pending.splice(pending.indexOf(asked), 1);
        return apply();
      });
      watched(tear !== undefined);
      return written;
    },
    read: (look) => (readMs === 0 ? look() : after(readMs, look)),
    onWrite(tearable, run) {
      const watcher = { tearable, run };
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    crash(keep) {
      isDead = true;
      const kept = keep(pending.map(({ tear }) => tear !== undefined));
      for (const { apply } of pending.slice(0, kept)) apply().catch(() => {});
      const tear = pending[kept]?.tear;
      tear?.();
      const torn = tear === undefined ? 0 : 1;
      return { torn, lost: pending.length - kept - torn };
    },
  };
}
