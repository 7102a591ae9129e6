import { type ErrorCode, ShoalError } from '../../core/errors.ts';

/** What the system's refusals mean to a person, by errno. */
const meanings: Readonly<Record<string, readonly [code: ErrorCode, words: string]>> = {
  ENOSPC: ['full', 'the disk is full. Make room on it and try again'],
  EDQUOT: ['full', 'your share of the disk is used up. Make room and try again'],
  EFBIG: ['full', 'the file system takes no file as large as this'],
  ENOENT: ['not-found', 'there is no such file or folder'],
  ENOTDIR: ['bad-input', 'a part of the path is no folder'],
  EISDIR: ['bad-input', 'it is a folder'],
  EEXIST: ['bad-input', 'it exists already'],
  ENOTEMPTY: ['bad-input', 'the folder is not empty'],
  EACCES: ['bad-input', 'permission denied'],
  EPERM: ['bad-input', 'permission denied'],
  EROFS: ['bad-input', 'the file system is read-only'],
  ENAMETOOLONG: ['bad-input', 'the name is too long'],
  ELOOP: ['bad-input', 'its links lead in a circle'],
  EMFILE: ['busy', 'too many files are open. Raise the limit (ulimit -n) or do less at once'],
  ENFILE: ['busy', 'too many files are open on this machine'],
};

/** The errno of a refusal of the system, as `ENOENT`; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The expected failure behind what the file system refused at `path`; a ShoalError is given back as it is. */
export function diskTrouble(error: unknown, path: string): ShoalError {
  if (error instanceof ShoalError) return error;
  const [code, words] = meanings[errnoOf(error) ?? ''] ?? ['internal', error instanceof Error ? error.message : String(error)];
  return new ShoalError(code, `${path}: ${words}.`);
}

/** For `.catch`: throws the expected failure behind what the file system refused at `path`. */
export const troubleAt =
  (path: string) =>
  (error: unknown): never => {
    throw diskTrouble(error, path);
  };
