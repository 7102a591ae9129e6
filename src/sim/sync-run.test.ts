import { expect, test } from 'vitest';
import { linkedPair, type LinkedPeer } from '../../test/links-world.ts';
import { ShoalError } from '../core/errors.ts';
import type { RecordState } from '../core/record/record.ts';
import { kinds } from '../core/wire/kinds.ts';
import { decodeRecord, encodeRecord, encodeStored, stampOf } from '../core/record/stored.ts';
import { createSync } from '../peer/sync.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { signTombstone } from './statements.ts';

const crypto = nodeCrypto();

/** Two linked peers that do nothing but sync; the first keeps `count` records, and the other one takes each after `turnMs`. */
async function syncing(count: number, turnMs = 0, seed = 'syncing') {
  const { a, b, clock, settled, pass } = await linkedPair();
  const side = ({ links }: LinkedPeer) => {
    const kept = new Map<string, RecordState>();
    /** Those that it has in its digest, and no more when they are to be sent; whether it refuses what comes; and how long a put takes. */
    const trouble = { gone: new Set<string>(), refuses: false, putMs: 0 };
    /** What it put somewhere by itself. */
    const put: string[] = [];
    const sync = createSync({
      ...{ clock, links, random: seededRandom(seed), log: () => {} },
      records: {
        local: async (recordKey) => (trouble.gone.has(recordKey) ? undefined : kept.get(recordKey)),
        async admit(encoded) {
          if (trouble.refuses) throw new ShoalError('bad-input', 'not today');
          const record = decodeRecord(encoded);
          kept.set(record.recordKey, record);
          return record;
        },
        async put(_, { recordKey }) {
          await new Promise((resolve) => void clock.timer(trouble.putMs, () => resolve(undefined)));
          put.push(recordKey);
        },
      },
      stamps: {
        async of(recordKey) {
          const record = kept.get(recordKey);
          return record && { stamp: stampOf(encodeRecord(record)), bytes: 0, isClaimed: false };
        },
      },
      budget: { turn: () => new Promise((resolve) => void clock.timer(turnMs, resolve)) },
    });
    return { kept, trouble, put, sync };
  };
  const [from, to] = [side(a), side(b)];
  for (let i = 0; i < count; i++) {
    const owner = await crypto.signer(new Uint8Array(32).fill(i + 1));
    const record = decodeRecord(encodeStored({ heads: [], renewal: undefined, tombstone: await signTombstone(owner) }));
    from.kept.set(record.recordKey, record);
  }
  const keys = [...from.kept.keys()];
  return { a, b, from, to, keys, pass, run: () => settled(from.sync.run(b.node, keys), 200_000) };
}

test('[SYNC-2] new records are taken for 100 s: then the sync ends well, says what it wanted, and the next one brings the rest', async () => {
  const { to, keys, pass, run } = await syncing(15, 10_000);
  expect((await run()).toSorted()).toEqual(keys.toSorted());
  expect(to.kept.size).toBeGreaterThanOrEqual(9);
  expect(to.kept.size).toBeLessThan(15);
  await pass(1_000);
  expect(await run()).toEqual([]);
  expect(to.kept.size).toBe(15);
});

test('[SYNC-2] what is wanted comes by rising key from a random one on and then from the first: each peer begins elsewhere', async () => {
  const firsts = new Set<number>();
  for (const seed of ['one', 'other', 'third', 'fourth']) {
    const { to, keys, run } = await syncing(6, 0, seed);
    await run();
    const [come, rising] = [[...to.kept.keys()], keys.toSorted()];
    const first = rising.indexOf(come[0]!);
    firsts.add(first);
    expect(come).toEqual([...rising.slice(first), ...rising.slice(0, first)]);
  }
  expect(firsts.size).toBeGreaterThan(1);
});

test('[SYNC-2] what is kept no more when its turn has come to be sent is no failure', async () => {
  const { from, to, keys, run } = await syncing(3);
  from.trouble.gone.add(keys[1]!);
  expect(await run()).toEqual([]);
  expect([...to.kept.keys()].toSorted()).toEqual([keys[0]!, keys[2]!].toSorted());
});

test('[SYNC-2] who takes none of what it wanted has it not: that is a failure', async () => {
  const { to, run } = await syncing(2);
  to.trouble.refuses = true;
  await expect(run()).rejects.toMatchObject({ code: 'internal' });
});

test('[SYNC-5] who knows no syncs is put each record once, and once more when it has changed', async () => {
  const { b, from, keys, run } = await syncing(3);
  b.links.handle(kinds.sync, async () => {
    throw new ShoalError('too-new', 'never heard of it');
  });
  await run();
  await run();
  expect(from.put).toEqual(keys);
  const changed = await crypto.signer(new Uint8Array(32).fill(1));
  const tombstone = await signTombstone(changed, changed, 9);
  const record = decodeRecord(encodeStored({ heads: [], renewal: undefined, tombstone }));
  from.kept.set(record.recordKey, record);
  await run();
  expect(from.put).toEqual([...keys, record.recordKey]);
});

test('[SYNC-5] where puts are slow it ends as a sync does, and says what is left', async () => {
  const { b, from, keys, run } = await syncing(15);
  b.links.handle(kinds.sync, async () => {
    throw new ShoalError('too-new', 'never heard of it');
  });
  from.trouble.putMs = 9_900;
  const left = await run();
  expect(left.length).toBeGreaterThan(0);
  expect([...from.put, ...left]).toEqual(keys);
  expect(await run()).toEqual([]);
});
