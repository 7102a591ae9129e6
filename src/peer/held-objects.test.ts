import { expect, test } from 'vitest';
import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { memoryMetaStore } from '../platform/memory/meta-store.ts';
import { memoryShardStore } from '../platform/memory/shard-store.ts';
import { createHeldObjects } from './held-objects.ts';

test('[HOLD-10, REC-10] it is told when the first version of an object is held, and when the last one is not any more; at a start, too', async () => {
  const objectKey = new Uint8Array(32).fill(7);
  const meta = memoryMetaStore();
  const told: [string, number][] = [];
  const places = ['aa', 'bb'].map((contentRoot) => ({ contentRoot, segment: 0, shard: 0 }));
  const heldOn = () => {
    const held = createHeldObjects({
      ...{ meta, shards: memoryShardStore(), records: { local: async () => undefined } },
      claims: { places: () => places, of: (root) => places.filter(({ contentRoot }) => contentRoot === root), remove() {} },
      log: (...said) => expect.fail(said.join(' ')),
      freed() {},
      turned: (recordKey) => told.push([recordKey, held.of(recordKey).length]),
    });
    return held;
  };
  const before = heldOn();
  await before.note('aa', { objectKey, version: 1 });
  await before.note('bb', { objectKey, version: 2 });
  const held = heldOn();
  await held.start();
  await held.remove('aa');
  await held.remove('bb');
  const recordKey = toHex(recordKeyOf(objectKey));
  expect(told).toEqual([1, 1, 0].map((count) => [recordKey, count]));
});
