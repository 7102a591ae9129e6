/** A place to wait until something changed, whatever it was. */
export interface Changes {
  notify(): void;
  /** Resolves at the next `notify`. */
  next(): Promise<void>;
}

export function createChanges(): Changes {
  let waiting: (() => void)[] = [];
  return {
    notify() {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
