/** A value that changes: whoever iterates sees the newest one each time it asks, and misses those in between. */
export interface Latest<T> extends AsyncIterable<T> {
  set(value: T): void;
  /** No value follows; a value that nobody has seen yet still comes. */
  end(): void;
}

/** For one reader. */
export function latest<T>(): Latest<T> {
  let waiting: { readonly value: T } | undefined;
  let ended = false;
  let wake = (): void => {};
  return {
    set(value) {
      waiting = { value };
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        if (waiting !== undefined) {
          const { value } = waiting;
          waiting = undefined;
          yield value;
        } else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
