import { requireValueBounds } from '../../core/storage/values.ts';
import type { MetaKind, MetaStore } from '../../peer/ports.ts';
import { change, look, type Database } from './database.ts';

/** The MetaStore of a tab: one row per value, every write strict and fenced by `epoch` (takeEpoch). */
export function browserMetaStore({ database, epoch }: { database: Database; epoch: number }): MetaStore {
  return {
    get: (kind, key) => look(database, ['values'], (tx) => tx.objectStore('values').get([kind, key])),
    async put(kind, key, value) {
      requireValueBounds(key, value);
      // Copied before anything is awaited, and cut to size: cloning a view stores the whole buffer under it.
      const own = value.slice();
      await change(database, epoch, ['values'], async (tx) => {
        await tx.objectStore('values').put(own, [kind, key]);
      });
    },
    async delete(kind, key) {
      await change(database, epoch, ['values'], (tx) => tx.objectStore('values').delete([kind, key]));
    },
    async keys(kind) {
      const keys = await look(database, ['values'], (tx) => tx.objectStore('values').getAllKeys(rangeOf(kind)));
      return keys.map(([, key]) => key);
    },
    list: (kind) =>
      look(database, ['values'], async (tx) => {
        const [keys, values] = await Promise.all([
          tx.objectStore('values').getAllKeys(rangeOf(kind)),
          tx.objectStore('values').getAll(rangeOf(kind)),
        ]);
        return keys.map(([, key], i) => ({ key, value: values[i]! }));
      }),
  };
}

/** All keys of one kind: an array sorts after every text, so this bound is above them. */
const rangeOf = (kind: MetaKind): IDBKeyRange => IDBKeyRange.bound([kind], [kind, []]);
