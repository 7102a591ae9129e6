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

test('[HOLD-2] at most 4 blocks of a store are written at once, and no more bytes are taken meanwhile', async () => {
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
  let taken = 0;
  const receive = async (): Promise<Uint8Array | undefined> => (taken++ < 10 ? new Uint8Array(blockBytes) : undefined);
  const meta = { contentRoot: '00'.repeat(32), segment: 0, shard: 0, length: 10 * blockBytes };
  const over = receiveShard({
    clock: virtualClock(drain),
    crypto: nobleCrypto(),
    shards: slow,
    // Nothing else of the request is looked at.
    incoming: { receive } as Partial<Incoming> as Incoming,
    meta: { ...meta, root: new Uint8Array(32), owner: new Uint8Array(32), lease: 0 },
    staged() {},
    durable() {},
  });
  over.catch(() => {});
  for (let done = 0; done < 10; done++) {
    await drain();
    expect(writing.length - done).toBeLessThanOrEqual(4);
    expect(taken).toBeLessThanOrEqual(done + 5);
    writing[done]!.resolve();
  }
  await expect(over).rejects.toMatchObject({ code: 'integrity' });
});
