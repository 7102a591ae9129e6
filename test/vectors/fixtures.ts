import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { revived } from './revived.ts';

const folder = new URL('format-1/', import.meta.url);

/** The content of test/vectors/format-1/`name`.json, bytes as bytes. */
export const fixture = <T>(name: string): T => revived<T>(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));

/** A copy of a file or folder of test/vectors/format-1 to open, which writes to it, and how to remove it. */
export async function copied(name: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'shoal-format-'));
  const path = join(parent, name);
  await cp(fileURLToPath(new URL(name, folder)), path, { recursive: true });
  return { path, remove: () => rm(parent, { recursive: true }) };
}
