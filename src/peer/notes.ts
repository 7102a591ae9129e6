import { decodeCbor } from '../core/bytes/cbor.ts';
import type { Kind } from '../core/bytes/fields.ts';
import { errorCode } from '../core/errors.ts';
import type { Log, MetaKind, MetaStore } from './ports.ts';

/** What is noted under one kind, by key. */
export interface Notes<T> {
  readonly notes: ReadonlyMap<string, T>;
  /** Keys of notes of a later format: whoever made them goes on with them, so they are never written over (SPEC FMT-1). */
  readonly later: ReadonlySet<string>;
}

/** Reads all notes of one kind; one that cannot be read is said, and hides no other. Throws what the disk does. */
export async function readNotes<T>(
  { meta, log }: { readonly meta: MetaStore; readonly log: Log },
  kind: MetaKind,
  form: Kind<T>,
  name: string,
): Promise<Notes<T>> {
  const notes = new Map<string, T>();
  const later = new Set<string>();
  for (const { key, value } of await meta.list(kind)) {
    try {
      notes.set(key, form.read(decodeCbor(value), name));
    } catch (error) {
      if (errorCode(error) === 'too-new') later.add(key);
      log('warn', `${name} not read`, { code: errorCode(error) });
    }
  }
  return { notes, later };
}

/** What `read` gives, read once; again where it failed: a disk that fails once does not for ever. */
export function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    reading.catch(() => (reading = undefined));
    return reading;
  };
}
