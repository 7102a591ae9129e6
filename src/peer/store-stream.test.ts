import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { kinds, storeProgress } from '../core/wire/kinds.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { sealObject } from '../sim/sealed-object.ts';
import type { Body, Call, Session } from './links/exchange.ts';
import { type Deferred, deferred } from './links/deferred.ts';
import { ShoalError } from '../core/errors.ts';
import { openStoreStream } from './store-stream.ts';
import { createTask } from './task.ts';

/** A store over a call of which the test decides what is taken when. */
async function openStream() {
  const clock = virtualClock(drain);
  const crypto = nobleCrypto();
  const object = await sealObject(crypto, { seed: 'stream', nowMs: clock.now() });
  const answer = deferred<Body>();
  const pieces: { readonly bytes: Uint8Array; readonly taken: Deferred<void> }[] = [];
  const durable: number[] = [];
  let progress: (body: Body) => void = () => {};
  const stats = { sent: 0, received: 0 };
  const call: Call = {
    result: answer.promise,
    send(bytes) {
      const taken = deferred<void>();
      pieces.push({ bytes, taken });
      return taken.promise;
    },
    end() {},
    receive: async () => undefined,
    onProgress: (handler) => void (progress = handler),
    cancel: () => answer.reject(new ShoalError('cancelled', 'given up')),
  };
  const session: Session = {
    node: '00'.repeat(32),
    publicKey: new Uint8Array(32),
    id: new Uint8Array(32),
    initiator: true,
    call: () => call,
    notify() {},
    close() {},
    stats,
  };
  const task = createTask('ended');
  const stream = await openStoreStream({
    clock,
    crypto,
    authority: { call: async (_, __, kind) => (expect(kind).toBe(kinds.store), call), callAll: async () => call, require: async () => {} },
    session,
    owner: object.owner,
    descriptor: object.descriptor,
    signedDescriptor: undefined,
    place: { contentRoot: '00'.repeat(32), segment: 0, shard: 0 },
    durable: (bytes) => durable.push(bytes),
    task,
  });
  return {
    stream,
    pieces,
    durable,
    stats,
    length: object.shards[0]!.length,
    task,
    pass: (ms: number) => clock.run(clock.now() + ms),
    report: (bytes: number) => progress(storeProgress.write({ durable: bytes })),
  };
}
const block = (length: number): Uint8Array => new Uint8Array(length).map((_, i) => i >> 10);

test('[UP-2] blocks leave in their order and in pieces, however many wait', async () => {
  const { stream, pieces, pass } = await openStream();
  const [first, second] = [block(50_000), block(20_000).fill(7)];
  void stream.send(first);
  void stream.send(second);
  for (let i = 0; i < 100; i++) {
    await pass(1);
    pieces[i]?.taken.resolve();
  }
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(Buffer.concat([first, second]))).toBe(true);
});

test('[UP-2] a holder that takes a little every 9 s is slow and not stalled', async () => {
  const { stream, pieces, pass } = await openStream();
  void stream.send(block(400_000));
  for (let i = 0; i < 6; i++) {
    await pass(9_000);
    pieces[i]!.taken.resolve();
  }
  expect(stream.failure()).toBeUndefined();
});

test('[UP-2] a holder that took one block and stalls in the next, which waited behind it, is dropped', async () => {
  const { stream, pieces, pass } = await openStream();
  void stream.send(block(100));
  const second = stream.send(block(100));
  await pass(5_000);
  pieces[0]!.taken.resolve();
  await pass(9_900);
  expect(stream.failure()).toBeUndefined();
  await pass(200);
  expect(stream.failure()).toMatchObject({ code: 'timeout' });
  await second;
  await expect(stream.finish()).rejects.toMatchObject({ code: 'timeout' });
});

test('[UP-2] only waiting counts: while nothing is there to send, a holder is not dropped, also after it reported', async () => {
  const { stream, pieces, pass, report } = await openStream();
  void stream.send(block(100));
  await pass(1);
  pieces[0]!.taken.resolve();
  await pass(1);
  report(100);
  await pass(60_000);
  expect(stream.failure()).toBeUndefined();
});

test('[UP-2] a stream that only waits for others on its link is given 60 s', async () => {
  const { stream, pieces, pass, stats } = await openStream();
  void stream.send(block(100));
  const others = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      stats.sent += 16_384;
      await pass(5_000);
    }
  };
  await others(55_000);
  expect(stream.failure()).toBeUndefined();
  pieces[0]!.taken.resolve();
  await pass(1);
  void stream.send(block(100));
  await others(60_000);
  expect(stream.failure()).toMatchObject({ code: 'timeout', message: expect.stringContaining('60 s') });
});

test('[UP-2] control messages alone are no others: a holder that takes nothing else is dropped after 10 s', async () => {
  const { stream, pass, stats } = await openStream();
  void stream.send(block(100));
  await pass(5_000);
  stats.sent += 16_000;
  await pass(5_001);
  expect(stream.failure()).toMatchObject({ code: 'timeout' });
});

test('[UP-2] what a holder reports as durable is never more than the shard has', async () => {
  const { report, durable, stream, length } = await openStream();
  report(64);
  report(8_000_000);
  expect(durable).toEqual([64, length]);
  expect(stream.failure()).toBeUndefined();
});

test('[UP-7] with its task a store ends', async () => {
  const { stream, pass, task } = await openStream();
  const sent = stream.send(block(100));
  await pass(1);
  task.end();
  await sent;
  await expect(stream.finish()).rejects.toMatchObject({ code: 'cancelled' });
});
