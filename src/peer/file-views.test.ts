import { expect, test } from 'vitest';
import { recordOf } from '../core/record/record.ts';
import { parseClaim } from '../core/record/claim.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { nodeId } from '../core/crypto/keys.ts';
import type { FileStatus } from './file-view.ts';
import { createFileViews } from './file-views.ts';
import { sealObject, signClaim } from '../sim/sealed-object.ts';

const startMs = 1_000_000;
const crypto = nobleCrypto();

/** Two files of one shard each, held by one peer each, and what can change about them. */
async function two() {
  const states = new Map<string, 'live' | 'away'>();
  let nowMs = startMs;
  let young = true;
  const files = await Promise.all(
    ['one', 'two'].map(async (seed, i): Promise<{ -readonly [K in keyof FileStatus]: FileStatus[K] }> => {
      const object = await sealObject(crypto, { seed, m: 0, nowMs });
      const holder = await crypto.signer(new Uint8Array(32).fill(i));
      states.set(nodeId(holder.publicKey), 'live');
      const signed = await signClaim(holder, object, { shards: [0], nowMs, expiresMs: nowMs + 1_000 * (i + 1) });
      const record = recordOf(object.signed, object.descriptor, [{ claim: parseClaim(signed).claim, signed }]);
      const own = { writeSeed: new Uint8Array(32), name: seed, size: 1, addedMs: 0, stored: 1 };
      return { id: seed, own, capability: '', state: 'stored', sealed: 0, bytesDurable: 0, error: undefined, record };
    }),
  );
  const peer = (node: string) => {
    const state = states.get(node);
    return state && { node, state, domain: undefined, capacity: 0, used: 0, free: 0, declared: true };
  };
  const views = createFileViews({ peer, mayReturn: (node) => states.has(node) || young }, () => nowMs);
  const take = () => views.of(files);
  let before = take();
  return {
    files,
    states,
    holders: [...states.keys()],
    later: (ms: number) => void (nowMs += ms),
    old: () => void (young = false),
    /** Which views are other objects than when this was asked last, with the word of each. */
    changed() {
      const after = take();
      const other = after.filter((view) => !before.includes(view)).map(({ id, health }) => [id, health]);
      before = after;
      return other;
    },
  };
}

test('[SNAP-1] the view of a file that did not change is the same object', async () => {
  const { changed, later } = await two();
  expect(changed()).toEqual([]);
  later(500);
  expect(changed()).toEqual([]);
});

test('[SNAP-1] what changed of the file itself makes a new one, of that file alone', async () => {
  const { files, changed } = await two();
  for (const change of [{ state: 'spreading' }, { bytesDurable: 5 }, { sealed: 1 }, { record: undefined }] as const) {
    Object.assign(files[1]!, change);
    expect(changed()).toEqual([['two', 'Spreading']]);
  }
  files.pop();
  expect(changed()).toEqual([]);
});

test('[SNAP-1] so does a holder that comes, goes or is given up, for the files it holds', async () => {
  const { states, holders, changed, old } = await two();
  states.set(holders[0]!, 'away');
  expect(changed()).toEqual([['one', 'Waiting']]);
  states.delete(holders[0]!);
  expect(changed()).toEqual([['one', 'Waiting']]);
  old();
  expect(changed()).toEqual([['one', 'Lost']]);
  states.set(holders[0]!, 'live');
  expect(changed()).toEqual([['one', 'At risk']]);
});

test('[SNAP-1] and a claim that expires, or a clock that went back', async () => {
  const { changed, later } = await two();
  later(1_000);
  expect(changed()).toEqual([['one', 'Lost']]);
  expect(changed()).toEqual([]);
  later(-500);
  expect(changed().map(([id]) => id)).toContain('one');
});
