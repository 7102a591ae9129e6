import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Import, importsOf } from './imports.ts';

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every TypeScript file below the given folders, sorted by path. A folder that is not there holds no files. */
export function readSources(folders: readonly string[]): Source[] {
  return (
    folders
      .filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => folder + name.replaceAll('\\', '/')),
      )
      // bench/others has packages of its own, of which the sources are not ours.
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('/node_modules/'))
      .sort()
      .map((path) => {
        const text = readFileSync(join(root, path), 'utf8');
        return { path, text, imports: importsOf(path, text) };
      })
  );
}

/** The file that a relative import names, from the root; undefined for a library. The path is as written: no guessed endings. */
export function targetOf(path: string, specifier: string): string | undefined {
  const file = specifier.split('?')[0]!;
  return file.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), file)) : undefined;
}
