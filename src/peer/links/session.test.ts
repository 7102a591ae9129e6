import { describe, expect, it } from 'vitest';
import { linkedPair } from '../../../test/links-world.ts';
import { ShoalError } from '../../core/errors.ts';
import { kinds } from '../../core/wire/kinds.ts';
import { noticeOf } from '../../core/wire/message.ts';
import { callsMax, incomingRequestsMax, linkCreditBytes, streamCreditBytes } from '../../core/wire/limits.ts';
import { deferred } from './deferred.ts';
import type { Body, Incoming } from './exchange.ts';

const body = (value: number | string | Uint8Array): Body => new Map([[1, value]]);
const deadlineMs = 30_000;
const kind = kinds.read;

/** Everything that comes on a stream. */
async function receiveAll(exchange: { receive(): Promise<Uint8Array | undefined> }): Promise<number> {
  let bytes = 0;
  for (let next = await exchange.receive(); next !== undefined; next = await exchange.receive()) bytes += next.length;
  return bytes;
}

const error = (code: string) => expect.objectContaining({ code });

describe('requests', () => {
  it('[LINK-1] a request is answered with a body, in both directions', async () => {
    const { a, b, fromA, fromB, settled } = await linkedPair();
    for (const { links } of [a, b]) links.handle(kind, async (incoming) => body(`${String(incoming.body.get(1))} heard`));
    expect(await settled(fromA.call(kind, body('one'), { deadlineMs }).result)).toEqual(body('one heard'));
    expect(await settled(fromB.call(kind, body('two'), { deadlineMs }).result)).toEqual(body('two heard'));
  });

  it('[LINK-2] a thrown ShoalError arrives as the same code and words; any other throw as internal, without its words', async () => {
    const { b, fromA, settled } = await linkedPair();
    b.links.handle(kind, async () => {
      throw new ShoalError('full', 'no room');
    });
    b.links.handle(kinds.store, async () => {
      throw new Error('secret of the implementation');
    });
    await expect(settled(fromA.call(kind, body(1), { deadlineMs }).result)).rejects.toMatchObject({ code: 'full', message: 'no room' });
    const refused = await settled(fromA.call(kinds.store, body(1), { deadlineMs }).result.catch((thrown: unknown) => thrown));
    expect(refused).toMatchObject({ code: 'internal' });
    expect(String(refused)).not.toContain('secret');
  });

  it('[LINK-3] an unknown kind is answered too-new, and the link stays', async () => {
    const { fromA, a, settled } = await linkedPair();
    await expect(settled(fromA.call(99, body(1), { deadlineMs }).result)).rejects.toEqual(error('too-new'));
    expect(a.links.sessions()).toHaveLength(1);
  });

  it('[LINK-4] at the deadline the call fails with timeout and the other side is told to stop', async () => {
    const { b, fromA, settled, clock } = await linkedPair();
    const incoming = deferred<Incoming>();
    b.links.handle(kind, (request) => {
      incoming.resolve(request);
      return new Promise(() => {});
    });
    const began = clock.now();
    await expect(settled(fromA.call(kind, body(1), { deadlineMs: 5_000 }).result)).rejects.toEqual(error('timeout'));
    expect(clock.now() - began).toBe(5_000);
    await settled((await incoming.promise).cancelled, 100);
  });

  it('[LINK-5] cancelling stops both ends: what waits on the stream fails with cancelled', async () => {
    const { b, fromA, settled, pass } = await linkedPair();
    const handler = deferred<unknown>();
    b.links.handle(kind, async (incoming) => {
      await incoming.receive().catch((thrown: unknown) => handler.resolve(thrown));
      return body(1);
    });
    const call = fromA.call(kind, body(1), { deadlineMs });
    await pass(100);
    call.cancel();
    await expect(call.result).rejects.toEqual(error('cancelled'));
    await expect(call.receive()).rejects.toEqual(error('cancelled'));
    expect(await settled(handler.promise)).toEqual(error('cancelled'));
  });

  it('[LINK-6] when the link is lost every call fails with not-found and every handler is told', async () => {
    const { b, fromA, network, a, settled, pass } = await linkedPair();
    const told = deferred<void>();
    b.links.handle(kind, async (incoming) => {
      void incoming.cancelled.then(() => told.resolve());
      await incoming.receive();
      return body(1);
    });
    const call = fromA.call(kind, body(1), { deadlineMs });
    await pass(100);
    network.cut(a.node, b.node);
    await expect(settled(call.result)).rejects.toEqual(error('not-found'));
    await expect(call.send(new Uint8Array(1))).rejects.toEqual(error('not-found'));
    await settled(told.promise);
    await expect(fromA.call(kind, body(1), { deadlineMs }).result).rejects.toEqual(error('not-found'));
  });

  it('[LINK-7] progress reaches the caller before the answer', async () => {
    const { b, fromA, settled } = await linkedPair();
    b.links.handle(kind, async (incoming) => {
      incoming.progress(body(1));
      incoming.progress(body(2));
      return body(3);
    });
    const heard: unknown[] = [];
    const call = fromA.call(kind, body(0), { deadlineMs });
    call.onProgress((progress) => heard.push(progress.get(1)));
    heard.push((await settled(call.result)).get(1));
    expect(heard).toEqual([1, 2, 3]);
  });

  it('[LINK-8] past 64 requests at once the next is answered busy; a cancelled one counts until its handler is done', async () => {
    const { b, fromA, settled, pass } = await linkedPair();
    const go = deferred<void>();
    b.links.handle(kind, async () => {
      await go.promise;
      return body(1);
    });
    const calls = Array.from({ length: incomingRequestsMax }, () => fromA.call(kind, body(1), { deadlineMs }));
    calls[0]!.cancel();
    await pass(100);
    await expect(settled(fromA.call(kind, body(1), { deadlineMs }).result)).rejects.toEqual(error('busy'));
    go.resolve();
    await settled(Promise.all(calls.slice(1).map((call) => call.result)));
    expect(await settled(fromA.call(kind, body(1), { deadlineMs }).result)).toEqual(body(1));
  });

  it('[LINK-8] past 256 own calls under way the next fails with busy, without being sent', async () => {
    const { b, fromA, settled } = await linkedPair();
    b.links.handle(kind, () => new Promise(() => {}));
    const calls = Array.from({ length: callsMax }, () => fromA.call(kind, body(1), { deadlineMs }));
    const sent = fromA.stats.sent;
    await expect(fromA.call(kind, body(1), { deadlineMs }).result).rejects.toEqual(error('busy'));
    expect(fromA.stats.sent).toBe(sent);
    for (const call of calls) call.cancel();
    await expect(settled(fromA.call(99, body(1), { deadlineMs }).result)).rejects.toEqual(error('too-new'));
  });

  it('[LINK-9] a message of 900,000 bytes arrives whole; past 1 MiB it is refused with too-large before it leaves', async () => {
    const { b, fromA, settled } = await linkedPair();
    b.links.handle(kind, async (incoming) => body((incoming.body.get(1) as Uint8Array).length));
    expect(await settled(fromA.call(kind, body(new Uint8Array(900_000)), { deadlineMs }).result)).toEqual(body(900_000));
    await expect(fromA.call(kind, body(new Uint8Array(1_048_577)), { deadlineMs }).result).rejects.toEqual(error('too-large'));
  });

  it('[LINK-10] notices arrive in order and have no answer', async () => {
    const { b, fromA, until } = await linkedPair();
    const heard: unknown[] = [];
    b.links.onNotify(kinds.heartbeat, (session, notice) => heard.push([session.node, notice.get(1)]));
    fromA.notify(noticeOf(kinds.heartbeat, body(1)));
    fromA.notify(noticeOf(kinds.heartbeat, body(2)));
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      [b.opened[0]!.node, 1],
      [b.opened[0]!.node, 2],
    ]);
  });
});

describe('streams', () => {
  it('[CREDIT-1] bytes flow both ways, far past one window of credit, and arrive as sent', async () => {
    const { b, fromA, settled } = await linkedPair({ bytesPerSecond: 4_000_000 });
    const length = 3 * streamCreditBytes + 12_345;
    const sent = Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 9)) & 0xff);
    b.links.handle(kind, async (incoming) => {
      for (let next = await incoming.receive(); next !== undefined; next = await incoming.receive()) await incoming.send(next);
      incoming.end();
      return body(1);
    });
    const call = fromA.call(kind, body(1), { deadlineMs });
    const sending = call.send(sent).then(() => call.end());
    const back = new Uint8Array(length);
    let at = 0;
    const receiving = (async () => {
      for (let next = await call.receive(); next !== undefined; next = await call.receive()) {
        back.set(next, at);
        at += next.length;
      }
    })();
    await settled(Promise.all([sending, receiving, call.result]));
    expect(at).toBe(length);
    expect(back.every((byte, i) => byte === sent[i])).toBe(true);
  });

  it('[CREDIT-1] nothing leaves before the first receive, and at most 1 MiB ahead of what was taken', async () => {
    const { b, fromA, pass, settled } = await linkedPair();
    const incoming = deferred<Incoming>();
    b.links.handle(kind, (request) => {
      incoming.resolve(request);
      return new Promise(() => {});
    });
    const call = fromA.call(kind, body(1), { deadlineMs });
    call.send(new Uint8Array(4 * streamCreditBytes)).catch(() => {});
    await pass(1_000);
    expect(fromA.stats.sent).toBeLessThan(1_000);
    await settled((await incoming.promise).receive());
    await pass(1_000);
    expect(fromA.stats.sent).toBeGreaterThan(streamCreditBytes - 65_536);
    expect(fromA.stats.sent).toBeLessThan(streamCreditBytes + 65_536);
  });

  it('[CREDIT-3] streams that nobody takes from hold 4 MiB of a link, not more, and one that is taken from still moves', async () => {
    const { b, fromA, settled, pass } = await linkedPair({ bytesPerSecond: 10_000_000 });
    const taken = { bytes: 0 };
    b.links.handle(kind, async (incoming) => {
      await incoming.receive();
      return new Promise(() => {});
    });
    b.links.handle(kinds.store, async (incoming) => {
      taken.bytes = await receiveAll(incoming);
      return body(1);
    });
    const idle = Array.from({ length: 6 }, () => fromA.call(kind, body(1), { deadlineMs }));
    for (const call of idle) call.send(new Uint8Array(2 * streamCreditBytes)).catch(() => {});
    await pass(5_000);
    expect(fromA.stats.sent).toBeLessThan(linkCreditBytes * 1.1);
    const moving = fromA.call(kinds.store, body(1), { deadlineMs });
    const sending = moving.send(new Uint8Array(2 * streamCreditBytes)).then(() => moving.end());
    for (const call of idle.slice(3)) call.cancel();
    await settled(Promise.all([sending, moving.result]));
    expect(taken.bytes).toBe(2 * streamCreditBytes);
  });

  it('[SEND-1] a request overtakes bulk bytes: it waits for one window at most', async () => {
    const bytesPerSecond = 1_000_000;
    const { b, fromA, settled, clock, pass } = await linkedPair({ bytesPerSecond });
    b.links.handle(kind, async (incoming) => body(await receiveAll(incoming)));
    b.links.handle(kinds.recordGet, async () => body(1));
    const bulk = fromA.call(kind, body(1), { deadlineMs });
    bulk.send(new Uint8Array(streamCreditBytes)).catch(() => {});
    await pass(300);
    const began = clock.now();
    await settled(fromA.call(kinds.recordGet, body(1), { deadlineMs }).result);
    // One window of 64 KiB at 1 MB/s, and there and back.
    expect(clock.now() - began).toBeLessThan(66 + 40 + 10);
  });

  it('[LINK-11] the answer comes after all bytes of its stream, which may still be received then', async () => {
    const { b, fromA, settled } = await linkedPair({ bytesPerSecond: 2_000_000 });
    b.links.handle(kind, async (incoming) => {
      void incoming.send(new Uint8Array(200_000));
      incoming.end();
      return body(1);
    });
    const call = fromA.call(kind, body(1), { deadlineMs });
    const first = await settled(call.receive());
    await settled(call.result);
    expect(first!.length + (await receiveAll(call))).toBe(200_000);
  });

  it('[LINK-12] an answer that comes early ends the sending with cancelled, an error with that error', async () => {
    const { b, fromA, settled } = await linkedPair();
    b.links.handle(kind, async () => body(1));
    b.links.handle(kinds.store, async () => {
      throw new ShoalError('full', 'no room');
    });
    const done = fromA.call(kind, body(1), { deadlineMs });
    await expect(settled(done.send(new Uint8Array(10)))).rejects.toEqual(error('cancelled'));
    expect(await done.result).toEqual(body(1));
    await expect(settled(fromA.call(kinds.store, body(1), { deadlineMs }).send(new Uint8Array(10)))).rejects.toEqual(error('full'));
  });

  it('[LINK-13] frames that were on their way when a request was cancelled break nothing', async () => {
    const { b, fromA, a, settled, pass } = await linkedPair({ bytesPerSecond: 2_000_000 });
    b.links.handle(kind, async (incoming) => {
      await incoming.send(new Uint8Array(streamCreditBytes));
      return body(1);
    });
    const call = fromA.call(kind, body(1), { deadlineMs });
    await settled(call.receive());
    call.cancel();
    await pass(5_000);
    expect([a.links.sessions().length, b.links.sessions().length]).toEqual([1, 1]);
    expect([a.verdicts, b.verdicts]).toEqual([[], []]);
    // Credit of the cancelled stream is free again.
    for (let i = 0; i < 8; i++) {
      const next = fromA.call(kind, body(1), { deadlineMs });
      expect(await settled(receiveAll(next))).toBe(streamCreditBytes);
    }
  });
});
