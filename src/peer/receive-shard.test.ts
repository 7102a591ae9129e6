import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { blockBytes } from '../core/object/geometry.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { memoryShardStore } from '../platform/memory/shard-store.ts';
import { deferred, type Deferred } from './links/deferred.ts';
import type { Incoming } from './links/exchange.ts';
import type { ShardStore } from './ports.ts';
import { receiveShard } from './receive-shard.ts';

test('[HOLD-2] at most 8 blocks of a store are written at once, no more bytes are taken meanwhile, those durable together are told once', async () => {
  const writing: Deferred<void>[] = [];
  const store = memoryShardStore();
  await store.start();
  await store.setCapacity(100_000_000);
  /** A disk that takes its time. */
  const slow: ShardStore = {
    ...store,
    async stage(place, length) {
      const staged = await store.stage(place, length);
      const write = (): Promise<void> => {
        const wait = deferred<void>();
        writing.push(wait);
        return wait.promise;
      };
      return { ...staged, write };
    },
  };
  const told: number[] = [];
  let taken = 0;
  const receive = async (): Promise<Uint8Array | undefined> => (taken++ < 20 ? new Uint8Array(blockBytes) : undefined);
  const meta = { contentRoot: '00'.repeat(32), segment: 0, shard: 0, length: 20 * blockBytes };
  const over = receiveShard({
    clock: virtualClock(drain),
    crypto: nobleCrypto(),
    shards: slow,
    // Nothing else of the request is looked at.
    incoming: { receive } as Partial<Incoming> as Incoming,
    meta: { ...meta, root: new Uint8Array(32), owner: new Uint8Array(32), lease: 0 },
    staged() {},
    committing: async () => {},
    durable: (bytes) => told.push(bytes),
  });
  over.catch(() => {});
  for (let done = 0; done < 20; done += 4) {
    await drain();
    expect(writing.length - done).toBeLessThanOrEqual(8);
    expect(taken).toBeLessThanOrEqual(done + 9);
    for (const write of writing.slice(done, done + 4)) write.resolve();
  }
  await expect(over).rejects.toMatchObject({ code: 'integrity' });
  // Once for each four, which became durable together.
  await drain();
  expect(told).toEqual([4, 8, 12, 16, 20].map((blocks) => blocks * blockBytes));
});
