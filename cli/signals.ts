import { exitCodes } from './exit-codes.ts';

/** A second Ctrl-C sooner than this is the same one: npm passes on what the terminal has already sent to everyone, ms. */
const sameSignalMs = 500;

export interface Signals {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** As if there had been one, for work that has lost its purpose. */
  abort(): void;
  /** What an interrupted program ends with: 130, or 143 when it was SIGTERM. */
  status(): number;
}

/** Hears SIGINT and SIGTERM: the first asks to end in order, a further one ends at once (SPEC CLI-6). */
export function listenForSignals(): Signals {
  const controller = new AbortController();
  let first: { readonly atMs: number; readonly status: number } | undefined;
  const hear = (status: number): void => {
    const nowMs = performance.now();
    if (first === undefined) {
      first = { atMs: nowMs, status };
      controller.abort();
    } else if (nowMs - first.atMs > sameSignalMs) {
      process.exit(status);
    }
  };
  process.on('SIGINT', () => hear(exitCodes.interrupted));
  process.on('SIGTERM', () => hear(exitCodes.terminated));
  return { signal: controller.signal, abort: () => controller.abort(), status: () => first?.status ?? exitCodes.interrupted };
}
