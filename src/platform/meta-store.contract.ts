import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { valueBytesMax, valueKeyMax } from '../core/storage/values.ts';
import type { MetaKind, MetaStore } from '../peer/ports.ts';

/** One storage, empty at first. */
export interface MetaStorage {
  /** A store over it; opening again is a restart. */
  open(): Promise<MetaStore>;
  dispose(): Promise<void>;
}

const kinds: readonly MetaKind[] = ['record', 'own', 'setting', 'score', 'held', 'seen', 'tombstone'];
const value = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

/** What every MetaStore does (SPEC META-*), run on every implementation. */
export function metaStoreContract(name: string, create: () => Promise<MetaStorage>): void {
  describe(`meta store: ${name}`, () => {
    let storage: MetaStorage;
    let store: MetaStore;
    beforeEach(async () => {
      storage = await create();
      store = await storage.open();
    });
    afterEach(() => storage.dispose());

    test('[META-1] get gives what was put last, and undefined where nothing is', async () => {
      expect(await store.get('record', 'a')).toBeUndefined();
      await store.put('record', 'a', value(1, 2));
      await store.put('record', 'a', value(3));
      await store.put('record', 'empty', value());
      expect(await store.get('record', 'a')).toEqual(value(3));
      expect(await store.get('record', 'empty')).toEqual(value());
      expect(await store.get('record', '')).toBeUndefined();
    });

    test('[META-1] of puts that overlap the last called wins', async () => {
      await Promise.all([1, 2, 3, 4].map((n) => store.put('score', 'a', value(n))));
      expect(await store.get('score', 'a')).toEqual(value(4));
    });

    test('[META-2] each kind is a space of its own', async () => {
      await Promise.all(kinds.map((kind, i) => store.put(kind, 'same', value(i))));
      await store.delete('own', 'same');
      const found = await Promise.all(kinds.map((kind) => store.get(kind, 'same')));
      expect(found).toEqual([value(0), undefined, value(2), value(3), value(4), value(5), value(6)]);
    });

    test('[META-3] list gives every value of one kind, by ascending key, and keys the same keys', async () => {
      for (const key of ['b', 'é', '', 'a', 'ab', '\uffff', '10', '9']) await store.put('own', key, value(key.length));
      await store.put('record', 'other', value(9));
      const listed = await store.list('own');
      expect(listed.map(({ key }) => key)).toEqual(['', '10', '9', 'a', 'ab', 'b', 'é', '\uffff']);
      expect(listed.map(({ value: [length] }) => length)).toEqual([0, 2, 1, 1, 2, 1, 1, 1]);
      expect(await store.list('setting')).toEqual([]);
      expect(await store.keys('own')).toEqual(listed.map(({ key }) => key));
      expect(await store.keys('setting')).toEqual([]);
    });

    test('[META-4] delete removes a value, and does nothing without one', async () => {
      await store.put('own', 'a', value(1));
      await store.delete('own', 'a');
      await store.delete('own', 'a');
      expect(await store.get('own', 'a')).toBeUndefined();
      expect(await store.list('own')).toEqual([]);
    });

    test('[META-5] values survive a restart', async () => {
      await store.put('setting', 'a', value(7));
      store = await storage.open();
      expect(await store.get('setting', 'a')).toEqual(value(7));
    });

    test('[META-6] bytes are copied in and out', async () => {
      const bytes = value(0, 1, 2, 3, 0);
      const put = store.put('own', 'a', bytes.subarray(1, 4));
      bytes.fill(9);
      await put;
      (await store.get('own', 'a'))!.fill(9);
      (await store.list('own'))[0]!.value.fill(9);
      const stored = await store.get('own', 'a');
      expect(stored).toEqual(value(1, 2, 3));
      expect(stored!.buffer.byteLength).toBe(3);
    });

    test('[META-7] a value past 2 MiB or a key past 512 characters is refused and changes nothing', async () => {
      const tooLarge = expect.objectContaining({ code: 'too-large' });
      await store.put('record', 'a', value(1));
      await expect(store.put('record', 'a', new Uint8Array(valueBytesMax + 1))).rejects.toEqual(tooLarge);
      await expect(store.put('record', 'k'.repeat(valueKeyMax + 1), value())).rejects.toEqual(tooLarge);
      expect(await store.list('record')).toEqual([{ key: 'a', value: value(1) }]);
      await store.put('record', 'k'.repeat(valueKeyMax), new Uint8Array(valueBytesMax));
    });
  });
}
