/** Every kind of expected failure, for machines. The page maps a code to words once, the command line to an exit code once. */
export const errorCodes = [
  'bad-input',
  'too-large',
  'full',
  'busy',
  'banned',
  'too-new',
  'stale',
  'timeout',
  'not-found',
  'not-enough-peers',
  'not-enough-shards',
  'integrity',
  'auth',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An expected failure (DESIGN: "expected failure -> an error of the closed union"). A peer's misbehaviour is not one: that is a Verdict.
 *
 * The code rides in `name` as well, because comlink carries only name, message and stack of an error between threads.
 */
export class ShoalError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
    this.name = `shoal:${code}`;
  }
}

/** The code of any thrown value: a ShoalError's own, one that crossed threads (read from its name), else `internal`. */
export function errorCode(error: unknown): ErrorCode {
  if (error instanceof ShoalError) return error.code;
  const name = error instanceof Error ? error.name : '';
  const code = name.startsWith('shoal:') ? name.slice('shoal:'.length) : '';
  return errorCodes.find((known) => known === code) ?? 'internal';
}

/** Why a peer is held to have misbehaved. A value that feeds reputation; never thrown. */
export interface Verdict {
  /** NodeId of the peer it falls on, lower-case hex. */
  readonly node: string;
  readonly reason: 'bad-leaf' | 'bad-root' | 'bad-claim' | 'bad-proof' | 'protocol' | 'silent';
  /** One plain sentence for the event log; holds no secret. */
  readonly detail: string;
}
