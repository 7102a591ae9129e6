import { errorCode, type ErrorCode, ShoalError } from '../src/core/errors.ts';

/** What the status of the program means to a script (SPEC CLI-2). */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  notEnough: 4,
  auth: 5,
  integrity: 6,
  interrupted: 130,
  /** By SIGTERM: 128 + 15, as shells count it. */
  terminated: 143,
  /** The reader of the output went away: 128 + SIGPIPE, as of a program that this signal ends. 0 would say that everything was delivered. */
  brokenPipe: 141,
} as const;

const byCode: Readonly<Record<ErrorCode, number>> = {
  'bad-input': exitCodes.usage,
  'too-large': exitCodes.failure,
  full: exitCodes.failure,
  busy: exitCodes.failure,
  banned: exitCodes.failure,
  'too-new': exitCodes.failure,
  stale: exitCodes.failure,
  timeout: exitCodes.failure,
  'not-found': exitCodes.notFound,
  'not-enough-peers': exitCodes.notEnough,
  'not-enough-shards': exitCodes.notEnough,
  integrity: exitCodes.integrity,
  auth: exitCodes.auth,
  cancelled: exitCodes.interrupted,
  internal: exitCodes.failure,
};

/** What a failure ends the program with: its status, and one sentence for the person. */
export interface Ending {
  readonly status: number;
  readonly message: string;
  /** Nobody expected it: a bug of ours. */
  readonly bug: boolean;
}

/** What a person can do about what the system says no to. */
const systemWords: Readonly<Record<string, readonly [status: number, words: string]>> = {
  ENOENT: [exitCodes.notFound, 'there is no such file or folder'],
  ENOTDIR: [exitCodes.notFound, 'a part of this path is no folder'],
  EISDIR: [exitCodes.usage, 'this is a folder, not a file'],
  EEXIST: [exitCodes.failure, 'this is there already'],
  EACCES: [exitCodes.failure, 'this user may not use it'],
  EPERM: [exitCodes.failure, 'this user may not use it'],
  EROFS: [exitCodes.failure, 'this disk can only be read'],
  ENOSPC: [exitCodes.failure, 'the disk is full'],
  EDQUOT: [exitCodes.failure, 'the disk quota of this user is used up'],
  EMFILE: [exitCodes.failure, 'too many files are open: raise `ulimit -n`'],
  EIO: [exitCodes.failure, 'the disk failed at this'],
};

/** How the program ends when `error` is what a command failed with. */
export function endingOf(error: unknown): Ending {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ShoalError || code !== 'internal') return { status: byCode[code], message, bug: false };
  const { code: name = '', path } = error as NodeJS.ErrnoException;
  const words = systemWords[name];
  if (words !== undefined) return { status: words[0], message: `${path ?? 'the output'}: ${words[1]} (${name})`, bug: false };
  return { status: exitCodes.failure, message, bug: true };
}
