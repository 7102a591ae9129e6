import { describe, expect, it } from 'vitest';
import { drain } from '../../../test/links-world.ts';
import {
  coldWindowBytes,
  controlQueueBytesMax,
  frameBytesMax,
  warmAfterBytes,
  warmWindowBytes,
  windowPollMs,
} from '../../core/wire/limits.ts';
import { virtualClock } from '../../platform/memory/clock.ts';
import type { Link } from '../ports.ts';
import { type FrameSource, Outbox } from './outbox.ts';

/** A link that empties its buffer only when told to, and never says so. */
function silentLink() {
  const sent: Uint8Array[] = [];
  let buffered = 0;
  let most = 0;
  const link: Link = {
    fingerprints: Promise.resolve({ local: '', remote: '' }),
    get bufferedAmount() {
      return buffered;
    },
    listen() {},
    send(frame) {
      sent.push(frame.slice());
      buffered += frame.length;
      most = Math.max(most, buffered);
    },
    close() {},
  };
  return { link, sent, empty: (left = 0) => void (buffered = left), most: () => most };
}

/** Bulk frames marked with `mark`, as large as they may be. */
function bulk(mark: number, count = Infinity): FrameSource {
  let left = count;
  return { next: (room) => (left-- > 0 ? room.fill(mark) : undefined) };
}

function setUp() {
  const clock = virtualClock(drain);
  const world = silentLink();
  return { ...world, clock, outbox: new Outbox(world.link, clock, () => {}) };
}

describe('outbox', () => {
  it('[SEND-2] a cold link gets a window of 64 KiB, one that has carried 8 MiB gets 256 KiB; neither is passed', async () => {
    const { clock, outbox, most, empty } = setUp();
    outbox.offer(bulk(1));
    expect(most()).toBe(coldWindowBytes);
    while (outbox.sent < warmAfterBytes) {
      expect(most()).toBe(coldWindowBytes);
      empty();
      outbox.pump();
    }
    empty();
    outbox.pump();
    expect(most()).toBe(warmWindowBytes);
    await clock.run(clock.now() + 10 * windowPollMs);
    expect(most()).toBe(warmWindowBytes);
  });

  it('[SEND-3] a sender that is never woken looks by itself every 250 ms, and stops looking when nothing is left', async () => {
    const { clock, outbox, sent, empty } = setUp();
    outbox.offer(bulk(1, 6));
    expect(sent).toHaveLength(4);
    empty();
    await clock.run(clock.now() + windowPollMs);
    expect(sent).toHaveLength(6);
    expect(await clock.runUntil(() => false, clock.now() + 60_000)).toBe(false);
  });

  it('[SEND-4] after any wake at the low water mark at least one frame fits, cold or warm', () => {
    const { outbox, sent, empty } = setUp();
    outbox.offer(bulk(1));
    while (outbox.sent < 2 * warmAfterBytes) {
      const before = sent.length;
      empty(32_768);
      outbox.pump();
      expect(sent.length).toBeGreaterThan(before);
      expect(sent.at(-1)!.length).toBeLessThanOrEqual(frameBytesMax);
    }
  });

  it('[SEND-1] control frames go before bulk, in order; sources of bulk take turns', () => {
    const { outbox, sent, empty } = setUp();
    outbox.offer(bulk(1, 10));
    outbox.offer(bulk(2, 10));
    expect(outbox.control([Uint8Array.of(7), Uint8Array.of(8)])).toBe(true);
    for (let i = 0; i < 3; i++) {
      empty();
      outbox.pump();
    }
    const marks = sent.map(([mark]) => mark);
    expect(marks.slice(0, 4)).toEqual([1, 1, 1, 1]);
    expect(marks.slice(4, 6)).toEqual([7, 8]);
    const turns = marks.slice(6);
    expect(turns.slice(1).every((mark, i) => mark !== turns[i])).toBe(true);
  });

  it('[SEND-5] past 8 MiB of waiting control frames nothing is queued any more', () => {
    const { outbox, sent, empty } = setUp();
    outbox.offer(bulk(1));
    const frame = new Uint8Array(16_384);
    let queued = 0;
    while (outbox.control([frame])) queued += frame.length;
    expect(queued).toBe(controlQueueBytesMax);
    empty();
    outbox.pump();
    expect(outbox.control([frame])).toBe(true);
    expect(sent.length).toBe(8);
  });
});
