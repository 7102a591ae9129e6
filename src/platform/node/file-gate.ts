/** Lets so much work run at once and keeps the rest waiting, first come, first served. */
export type FileGate = <T>(work: () => Promise<T>) => Promise<T>;

/** @param most pieces of work at once */
export function fileGate(most: number): FileGate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    // Whoever ends hands its turn on, so nobody who comes in between can take it.
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
