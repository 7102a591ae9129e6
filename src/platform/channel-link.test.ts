import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { frameBytesMax, heldBytesMax } from '../core/wire/limits.ts';
import { ChannelLink, closeGraceMs, type FrameChannel } from './channel-link.ts';

/** A channel whose other side is the test. */
class ScriptedChannel implements FrameChannel {
  readyState: RTCDataChannelState = 'open';
  bufferedAmount = 0;
  onopen: FrameChannel['onopen'] = null;
  onmessage: FrameChannel['onmessage'] = null;
  onbufferedamountlow: FrameChannel['onbufferedamountlow'] = null;
  onclose: FrameChannel['onclose'] = null;
  readonly sent: Uint8Array[] = [];
  full = false;

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.full) throw new DOMException('send queue is full', 'OperationError');
    this.sent.push(frame);
  }

  close(): void {
    this.readyState = 'closing';
  }

  /** The other side sends. */
  receive(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }

  /** The channel is closed. */
  end(): void {
    this.readyState = 'closed';
    this.onclose?.(new Event('close'));
  }
}

function open() {
  const channel = new ScriptedChannel();
  let released = 0;
  const link = new ChannelLink(channel, Promise.resolve({ local: '', remote: '' }), () => (released += 1));
  const heard: string[] = [];
  const listen = (frame: (length: number) => void = () => undefined) =>
    link.listen({
      frame: ({ length }) => {
        heard.push(`frame ${length}`);
        frame(length);
      },
      drained: () => heard.push('drained'),
      closed: (bye) => heard.push(bye ? 'bye' : 'closed'),
    });
  return { channel, link, heard, listen, released: () => released > 0 };
}

const settled = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
const buffer = (length: number) => new ArrayBuffer(length);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('ChannelLink', () => {
  test('[RTC-11] frames that come before the listener wait for it, and the end waits for them', async () => {
    const { channel, link, heard, listen } = open();
    channel.receive(buffer(1));
    channel.receive(buffer(2));
    link.end(true);
    listen();
    await settled();
    expect(heard).toEqual(['frame 1', 'frame 2', 'bye']);
  });

  test('[RTC-11] more than a bounded amount does not wait: the link closes', async () => {
    const { channel, heard, listen } = open();
    for (let bytes = 0; bytes <= heldBytesMax; bytes += frameBytesMax) channel.receive(buffer(frameBytesMax));
    expect(channel.readyState).toBe('closing');
    listen();
    await settled();
    expect(heard).toEqual(['closed']);
  });

  test('[RTC-11] a listener that closes the link hears no later frame and one end', async () => {
    const { channel, link, heard, listen } = open();
    channel.receive(buffer(1));
    channel.receive(buffer(2));
    listen(() => link.close());
    await settled();
    link.end(true);
    await settled();
    expect(heard).toEqual(['frame 1', 'closed']);
  });

  test.each([
    ['text', 'hello'],
    ['nothing', buffer(0)],
    ['too much', buffer(frameBytesMax + 1)],
  ])('[RTC-12] %s is no frame: the link closes', async (_name, data) => {
    const { channel, heard, listen } = open();
    listen();
    channel.receive(data);
    await settled();
    expect([channel.readyState, heard]).toEqual(['closing', ['closed']]);
  });

  test('[RTC-12] after a frame that the channel did not take, none follows', async () => {
    const { channel, link, heard, listen } = open();
    listen();
    channel.full = true;
    link.send(new Uint8Array(1));
    channel.full = false;
    link.send(new Uint8Array(2));
    await settled();
    expect([channel.sent, heard]).toEqual([[], ['closed']]);
  });

  test('[RTC-5] a close that the other side never confirms gives the connection back after a second', () => {
    const { link, released } = open();
    link.close();
    vi.advanceTimersByTime(closeGraceMs - 1);
    expect(released()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(released()).toBe(true);
  });

  test('[RTC-6] when the channel closes, the page says whether it was a bye', async () => {
    for (const bye of [true, false]) {
      const { channel, link, heard, listen, released } = open();
      listen();
      channel.end();
      await settled();
      expect([released(), heard]).toEqual([true, []]);
      link.end(bye);
      await settled();
      expect(heard).toEqual([bye ? 'bye' : 'closed']);
    }
  });
});
