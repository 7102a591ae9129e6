import { readFile } from 'node:fs/promises';
import { decodeCbor, encodeCbor } from '../../core/bytes/cbor.ts';
import { fields, type Infer, isLaterFormat, uint } from '../../core/bytes/fields.ts';
import { errorCode, ShoalError } from '../../core/errors.ts';
import { ifThere, writeDurably } from './durable-file.ts';

/** What a shard store remembers beside its shards: all else it counts anew at each start. */
const lent = fields({
  format: [1, uint(1, 1)],
  /** Bytes. */
  capacity: [2, uint()],
  /** Whether the disk set it, and not the person: 1 or 0. */
  diskFull: [3, uint(0, 1)],
});

export interface Lent {
  readonly capacity: number;
  readonly diskFull: boolean;
}

/** What is lent; nothing where nobody has said it yet. Throws `too-new` and `integrity`. */
export async function readLent(path: string): Promise<Lent> {
  const bytes = await ifThere(readFile(path));
  if (bytes === undefined) return { capacity: 0, diskFull: false };
  const { capacity, diskFull } = decodeLent(path, bytes);
  return { capacity, diskFull: diskFull === 1 };
}

export async function writeLent(path: string, { capacity, diskFull }: Lent): Promise<void> {
  await writeDurably(path, encodeCbor(lent.write({ format: 1, capacity, diskFull: diskFull ? 1 : 0 })!), 0o600);
}

function decodeLent(path: string, bytes: Uint8Array): Infer<typeof lent> {
  try {
    const value = decodeCbor(bytes);
    if (isLaterFormat(value, 1)) throw new ShoalError('too-new', `${path} was written by a newer Shoal. Run that one on this home.`);
    return lent.read(value, 'capacity file');
  } catch (error) {
    if (errorCode(error) !== 'bad-input') throw error;
    throw new ShoalError('integrity', `${path} is damaged. Remove it and set the capacity again; the shards are not touched by that.`);
  }
}
