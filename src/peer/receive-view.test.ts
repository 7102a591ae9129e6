import { expect, test } from 'vitest';
import { ShoalError } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { bitmapOf, type Claim } from '../core/record/claim.ts';
import type { RecordState } from '../core/record/record.ts';
import { type ReceiveStatus, receiveView } from './receive-view.ts';

const key = new Uint8Array(32);
const descriptor: Descriptor = {
  objectKey: key,
  version: 1,
  k: 6,
  m: 3,
  ciphertextLength: 5_000_000,
  roots: new Uint8Array(32 * 9),
  contentRoot: key,
  createdMs: 0,
  leaseMs: 1_000,
  class: 0,
  policy: { anchorsMin: 0, domainMax: 3 },
};

/** A record of 6+3 in which the holder with each of these names claims the shard of that number. */
function recordOf(shards: readonly number[]): RecordState {
  const claimOf = (shard: number): Claim => ({
    objectKey: key,
    contentRoot: key,
    holder: key,
    seq: 1,
    bitmap: bitmapOf([shard], 9),
    issuedMs: 0,
    expiresMs: 1_000,
    durability: 0,
    persisted: 0,
  });
  const claims = new Map(shards.map((shard) => [`${shard}`, { claim: claimOf(shard), signed: key }]));
  return { recordKey: '', objectKey: key, heads: [{ descriptor, signed: key, claims }] };
}

/** What the page shows when the holders of these shards are linked. */
function shownFor(stated: Partial<ReceiveStatus>, linked: readonly number[] = [], nowMs = 500) {
  const status: ReceiveStatus = {
    id: 'r',
    state: 'looking',
    record: undefined,
    head: stated.record?.heads[0],
    header: undefined,
    bytesDone: 0,
    part: undefined,
    error: undefined,
  };
  return receiveView({ ...status, ...stated }, (node) => linked.includes(Number(node)), nowMs);
}

const header = { name: 'a', media: '', size: 1_000, mtime: 0 };

test('[READ-10] what nobody online has announced is said to be that, with what to do', () => {
  const { sentence, announced, n } = shownFor({});
  expect(sentence).toMatch(/^Not announced yet: nobody online knows this file\. .*ask the sender/);
  expect({ announced, n }).toEqual({ announced: false, n: 0 });
  expect(shownFor({ record: recordOf([0]) })).toMatchObject({ announced: true, sentence: expect.stringMatching(/^Found/) });
});

test('[VER-3] where only an older version is announced than the one got before, that is said', () => {
  expect(shownFor({ record: recordOf([0]), head: undefined })).toMatchObject({
    announced: false,
    sentence: expect.stringMatching(/^Only older versions of this file are announced/),
  });
});

test('[READ-10] who waits is told for how many shards', () => {
  const record = recordOf([0, 1, 2, 3, 4, 5, 6]);
  expect(shownFor({ state: 'waiting', record }, [0, 2, 3, 6])).toMatchObject({
    shardsFound: 4,
    sentence: expect.stringMatching(/^4 of 6 found, waiting for 2 more shards\./),
  });
  expect(shownFor({ state: 'waiting', record }, [0, 2, 3, 4, 6]).sentence).toMatch(/^5 of 6 found, waiting for 1 more shard\./);
  expect(shownFor({ state: 'waiting', record }, [0, 1, 2, 3, 4, 5]).sentence).toMatch(/holders do not answer/);
});

test('[READ-10] what is named already and whose holders left is not said to be ready', () => {
  const record = recordOf([0, 1, 2, 3, 4, 5, 6]);
  expect(shownFor({ state: 'ready', record, header })).toMatchObject({
    state: 'ready',
    shardsFound: 0,
    sentence: expect.stringMatching(/^0 of 6 found, waiting for 6 more shards\./),
  });
  expect(shownFor({ state: 'ready', record, header }, [0, 1, 2, 3, 4, 5]).sentence).toBe('Ready to download');
});

test('[READ-10] how much was asked for is the file, or the part of it', () => {
  expect(shownFor({}).bytesWanted).toBe(0);
  expect(shownFor({ header }).bytesWanted).toBe(1_000);
  expect(shownFor({ header, part: { offset: 10, length: 20 } }).bytesWanted).toBe(20);
});

test('[READ-10] a failure is told in its own words', () => {
  expect(shownFor({ state: 'failed', error: new ShoalError('cancelled', 'It was cancelled.') })).toMatchObject({
    sentence: 'It was cancelled.',
    error: 'cancelled',
  });
});

test('[UI-31] what nobody renewed before its lease ended, and too few hold, is not waited for', () => {
  const record = recordOf([0, 1, 2, 3, 4, 5]);
  const ended = { expired: true, sentence: expect.stringMatching(/^Nobody renewed it before its lease ended\./) };
  expect(shownFor({ state: 'waiting', record }, [], 1_500)).toMatchObject(ended);
  expect(shownFor({ state: 'waiting', record }, [], 900)).toMatchObject({ expired: false });
  expect(shownFor({ state: 'done', record, header }, [], 1_500)).toMatchObject({ expired: false, sentence: 'Downloaded and verified' });
  const renewal = { renewal: { objectKey: key, leaseMs: 2_000 }, signed: key };
  expect(shownFor({ state: 'waiting', record: { ...record, renewal } }, [], 1_500)).toMatchObject({ expired: false });
});
