import { expect, test } from 'vitest';
import { type RecordState, recordOf } from '../core/record/record.ts';
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
      const own = { writeSeed: new Uint8Array(32), name: seed, size: 1, addedMs: 0, state: 1, version: 1 };
      return { id: seed, own, capability: '', state: 'stored', sealed: 0, bytesDurable: 0, error: undefined, replacing: undefined, record };
    }),
  );
  const domains = new Map<string, string>();
  const local = new Set<string>();
  const seen = new Map<string, number>();
  const asked = new Set<string>();
  const peer = (node: string) => {
    asked.add(node);
    const state = states.get(node);
    const where = { domain: domains.get(node), network: domains.get(node), region: undefined, local: local.has(node) };
    return state && { node, state, ...where, upMs: 0, capacity: 0, used: 0, free: 0, declared: true };
  };
  const views = createFileViews({ peer, mayReturn: (node) => states.has(node) || young, seenMs: (node) => seen.get(node) }, () => nowMs);
  const take = () => views.of(files);
  let before = take();
  return {
    files,
    states,
    domains,
    local,
    seen,
    take,
    /** The holders that are asked after for the next views. */
    askedAfter() {
      asked.clear();
      take();
      return [...asked];
    },
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

test('[SNAP-1] who holds nothing any more is not asked after any more', async () => {
  const { files, holders, askedAfter } = await two();
  expect(askedAfter()).toEqual(holders);
  files[0]!.record = undefined;
  askedAfter();
  expect(askedAfter()).toEqual([holders[1]]);
  files.pop();
  askedAfter();
  expect(askedAfter()).toEqual([]);
});

test('[OWN-4] a holder that is not live shows when it was last heard of, where that is known', async () => {
  const { states, seen, holders, take } = await two();
  const shown = () => take()[0]!.holders[0];
  seen.set(holders[0]!, 900_000);
  expect(shown()).toEqual({ node: holders[0], state: 'live', shards: [0] });
  states.set(holders[0]!, 'away');
  expect(shown()).toEqual({ node: holders[0], state: 'away', seenMs: 900_000, shards: [0] });
  states.delete(holders[0]!);
  expect(shown()).toMatchObject({ state: 'unknown', seenMs: 900_000 });
});

/** The record of one file, as if the holder of another one claimed the same. */
function alsoHeldBy(one: RecordState, other: RecordState): RecordState {
  const head = one.heads[0]!;
  const [claim] = head.claims.values();
  const claims = new Map([...head.claims, ...[...other.heads[0]!.claims.keys()].map((node) => [node, claim!] as const)]);
  return { ...one, heads: [{ ...head, claims }] };
}

test('[HEALTH-1] a failure domain that becomes known changes the health', async () => {
  const { files, domains, holders, take } = await two();
  const [one, other] = files.map(({ record }) => record!) as [RecordState, RecordState];
  files[0]!.record = alsoHeldBy(one, other);
  expect(take()[0]).toMatchObject({
    holders: holders.map((node) => ({ node })),
    health: 'At risk',
    sentence: expect.stringContaining('no peer can'),
  });
  for (const node of holders) domains.set(node, 'home');
  expect(take()[0]!.sentence).toContain('but all 2 peers are in one network');
});

test('[HEALTH-4] holders that turn out to be on one machine are said to be, and their margin stays', async () => {
  const { files, local, holders, take } = await two();
  const [one, other] = files.map(({ record }) => record!) as [RecordState, RecordState];
  files[0]!.record = alsoHeldBy(one, other);
  const { margin, sentence } = take()[0]!;
  local.add(holders[0]!);
  expect(take()[0]!.sentence).toBe(sentence);
  local.add(holders[1]!);
  expect(take()[0]).toMatchObject({ margin, sentence: `${sentence}; all on one machine` });
});

test('[OWN-5] what is not stored has no lease', async () => {
  const { files, take } = await two();
  const leases = () => take().map(({ leaseMs }) => leaseMs > 0);
  expect(leases()).toEqual([true, true]);
  files[0]!.state = 'cancelled';
  files[1]!.state = 'failed';
  expect(leases()).toEqual([false, false]);
});
