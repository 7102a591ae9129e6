/** Watches that something goes on: aborts when nothing was told for a time. */
export interface Quiet {
  readonly signal: AbortSignal;
  /** Whether it was silence that aborted. */
  readonly fell: boolean;
  /** Something is seen; it counts when it is not what was seen last. */
  seen(text: string): void;
  end(): void;
}

/** Aborts after `ms` without news, or when `outer` aborts. */
export function quiet(ms: number, outer: AbortSignal): Quiet {
  const abort = new AbortController();
  let fell = false;
  let last: string | undefined;
  const fall = (): void => {
    fell = true;
    abort.abort();
  };
  let timer = setTimeout(fall, ms);
  const give = (): void => abort.abort();
  outer.addEventListener('abort', give, { once: true });
  if (outer.aborted) give();
  return {
    signal: abort.signal,
    get fell() {
      return fell;
    },
    seen(text) {
      if (text === last) return;
      last = text;
      clearTimeout(timer);
      timer = setTimeout(fall, ms);
    },
    end() {
      clearTimeout(timer);
      outer.removeEventListener('abort', give);
    },
  };
}
