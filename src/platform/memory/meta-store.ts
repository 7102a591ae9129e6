import { requireValueBounds } from '../../core/storage/values.ts';
import type { MetaKind, MetaStore } from '../../peer/ports.ts';

/** What outlives a memory meta store: kind → key → value. */
export type ValueDisk = Map<MetaKind, Map<string, Uint8Array>>;

/** A MetaStore in memory; a second one over the same `disk` is a restart. */
export function memoryMetaStore(disk: ValueDisk = new Map()): MetaStore {
  const valuesOf = (kind: MetaKind): Map<string, Uint8Array> => {
    const values = disk.get(kind) ?? new Map<string, Uint8Array>();
    disk.set(kind, values);
    return values;
  };
  return {
    async get(kind, key) {
      return valuesOf(kind).get(key)?.slice();
    },
    async put(kind, key, value) {
      requireValueBounds(key, value);
      valuesOf(kind).set(key, value.slice());
    },
    async delete(kind, key) {
      valuesOf(kind).delete(key);
    },
    keys: async (kind) => [...valuesOf(kind).keys()].sort(),
    async list(kind) {
      const keys = [...valuesOf(kind).keys()].sort();
      return keys.map((key) => ({ key, value: valuesOf(kind).get(key)!.slice() }));
    },
  };
}
