import type { RecordState } from '../core/record/record.ts';

/** Records kept in memory as they were decoded last, by the bytes that they were decoded from: a decoded one takes a few times as much. */
const bytesMax = 4_194_304;

/** The records used last: to decode one costs milliseconds, and every claim that comes needs its record. */
export interface RecordCache {
  get(recordKey: string): RecordState | undefined;
  put(record: RecordState, bytes: number): void;
  delete(recordKey: string): void;
}

export function recordCache(): RecordCache {
  const entries = new Map<string, { readonly record: RecordState; readonly bytes: number }>();
  let total = 0;

  const remove = (recordKey: string): void => {
    total -= entries.get(recordKey)?.bytes ?? 0;
    entries.delete(recordKey);
  };

  const put = (record: RecordState, bytes: number): void => {
    remove(record.recordKey);
    entries.set(record.recordKey, { record, bytes });
    total += bytes;
    for (const oldest of entries.keys()) {
      if (total <= bytesMax) break;
      remove(oldest);
    }
  };

  return {
    get(recordKey) {
      const entry = entries.get(recordKey);
      if (entry !== undefined) put(entry.record, entry.bytes);
      return entry?.record;
    },
    put,
    delete: remove,
  };
}
