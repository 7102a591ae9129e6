import { open } from 'node:fs/promises';
import { ShoalError } from '../../src/core/errors.ts';
import { errnoOf, troubleAt } from '../../src/platform/node/disk-trouble.ts';

/**
 * All of a small file; of one longer than `most` bytes so much that it shows. Throws `not-found` with the reason `absent` when there is
 * none, `bad-input` when it may not be read.
 */
export async function readSmall(path: string, most: number, absent: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') throw new ShoalError('not-found', `${path}: ${absent}.`);
    return troubleAt(path)(error);
  });
  try {
    const bytes = new Uint8Array(most + 1);
    const { bytesRead } = await file.read(bytes).catch(troubleAt(path));
    return bytes.slice(0, bytesRead);
  } finally {
    await file.close();
  }
}
