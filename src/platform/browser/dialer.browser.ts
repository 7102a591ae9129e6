import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Dialing, Link, SignalData } from '../../peer/ports.ts';
import { handOver } from './pump.ts';
import { openTab as openTestTab, type Tab } from './test-tab.testing.ts';
import { watchWorker } from './worker-watch.ts';

function openTab(forcePump = false): Tab {
  const tab = openTestTab(forcePump);
  onTestFinished(tab.close);
  return tab;
}

/** A link with what it says written down. */
interface Heard {
  readonly link: Link;
  readonly frames: Uint8Array[];
  readonly closed: Promise<boolean>;
}

function hear(link: Link): Heard {
  const frames: Uint8Array[] = [];
  const closed = new Promise<boolean>((resolve) => {
    link.listen({ frame: (frame) => frames.push(frame), drained: () => undefined, closed: resolve });
  });
  return { link, frames, closed };
}

type Relay = (data: SignalData) => SignalData;
const honest: Relay = (data) => data;

/** Dials from `a` to `b`, signals passing through `relay`. Rejects with the reason when a side fails. */
async function connect(a: Tab, b: Tab, relay: Relay = honest): Promise<[Heard, Heard]> {
  const [first, second] = dialBoth(a, b, relay);
  const [x, y] = await Promise.all([first, second]);
  return [hear(x), hear(y)];
}

function dialBoth(a: Tab, b: Tab, relay: Relay): [Promise<Link>, Promise<Link>] {
  const dialings: Dialing[] = [];
  const dial = (tab: Tab, initiator: boolean) =>
    new Promise<Link>((resolve, reject) => {
      const signal = (data: SignalData) => dialings[initiator ? 1 : 0]!.signal(relay(data));
      const failed = (reason: string) => reject(new Error(reason));
      dialings.push(tab.dialer.dial('', initiator, { signal, failed, link: resolve }));
    });
  return [dial(a, true), dial(b, false)];
}

/** The channels and connections that the page makes while a test runs. */
const made: { channels: RTCDataChannel[]; connections: RTCPeerConnection[] } = { channels: [], connections: [] };
const createDataChannel = RTCPeerConnection.prototype.createDataChannel;
RTCPeerConnection.prototype.createDataChannel = function (label, init) {
  const channel = createDataChannel.call(this, label, init);
  if (init?.negotiated) {
    made.channels.push(channel);
    made.connections.push(this);
  }
  return channel;
};
afterEach(() => {
  made.channels.length = 0;
  made.connections.length = 0;
});

const destroyed = () => made.connections.map((pc) => pc.signalingState === 'closed');
const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe.each([
  ['transferred', false, false],
  ['pumped', true, true],
  ['transferred to pumped', false, true],
])('a link between two tabs, channel %s', (_name, pumpA, pumpB) => {
  test('[RTC-1] the channel leaves the page unless the pump is forced', async () => {
    await connect(openTab(pumpA), openTab(pumpB));
    const onPage = made.channels.filter((channel) => channel.readyState === 'open');
    expect([made.channels.length, onPage.length]).toEqual([2, [pumpA, pumpB].filter(Boolean).length]);
  });

  test('[RTC-2] both sides know the same two fingerprints', async () => {
    const [a, b] = await connect(openTab(pumpA), openTab(pumpB));
    const [ofA, ofB] = await Promise.all([a.link.fingerprints, b.link.fingerprints]);
    expect(ofA.local).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(ofA).toEqual({ local: ofB.remote, remote: ofB.local });
    expect(ofA.local).not.toBe(ofA.remote);
  });

  test('[RTC-3] frames arrive whole and in order, those before a close too', async () => {
    const [a, b] = await connect(openTab(pumpA), openTab(pumpB));
    for (let i = 0; i < 16; i += 1) a.link.send(bytes(65_536, i));
    a.link.close();
    await b.closed;
    expect(b.frames.map((frame) => [frame.length, frame[0], frame.at(-1)])).toEqual(Array.from({ length: 16 }, (_, i) => [65_536, i, i]));
  });

  test('[RTC-4] what is sent counts as buffered until it has left', async () => {
    const [a, b] = await connect(openTab(pumpA), openTab(pumpB));
    for (let i = 0; i < 8; i += 1) a.link.send(bytes(65_536, i));
    expect(a.link.bufferedAmount).toBeGreaterThan(0);
    await expect.poll(() => b.frames.length).toBe(8);
    await expect.poll(() => a.link.bufferedAmount).toBe(0);
  });

  test('[RTC-5] closing one side closes the other and destroys both connections', async () => {
    const [a, b] = await connect(openTab(pumpA), openTab(pumpB));
    a.link.close();
    expect(await Promise.all([a.closed, b.closed])).toEqual([false, false]);
    await expect.poll(destroyed).toEqual([true, true]);
  });

  test('[RTC-6] a page that leaves says bye, and the other side hears that it was one', async () => {
    const tab = openTab(pumpA);
    const [, b] = await connect(tab, openTab(pumpB));
    await expect.poll(() => made.connections.length).toBe(2);
    await sayByeWhenReady(tab, b);
    expect(await b.closed).toBe(true);
    await expect.poll(destroyed).toEqual([true, true]);
  });

  test('[RTC-7] when a connection is destroyed on the page, both links close', async () => {
    const tab = openTab(pumpA);
    const [a, b] = await connect(tab, openTab(pumpB));
    tab.connections.destroyAll();
    expect(await Promise.all([a.closed, b.closed])).toEqual([false, false]);
  });

  test('[RTC-8] when a worker is gone its page destroys its connections, and the other side is told', async () => {
    const tab = openTab(pumpA);
    const [, b] = await connect(tab, openTab(pumpB));
    await watch(tab, () => tab.connections.destroyAll());
    tab.worker.terminate();
    expect(await b.closed).toBe(false);
    await expect.poll(destroyed).toEqual([true, true]);
  });
});

/** simple-peer's own channel opens some ms after channel 100: repeat until the other side heard. */
async function sayByeWhenReady(tab: Tab, other: Heard): Promise<void> {
  let over = false;
  void other.closed.then(() => (over = true));
  await expect
    .poll(() => {
      tab.connections.sayBye();
      return over;
    })
    .toBe(true);
}

describe('refusals', () => {
  const twice: Relay = (data) =>
    data.type === 'candidate'
      ? data
      : { ...data, sdp: data.sdp.replace(/a=fingerprint:.*\r\n/, (line) => line.replace(/sha-256 ..:/, 'sha-256 00:') + line) };
  const without: Relay = (data) => (data.type === 'candidate' ? data : { ...data, sdp: data.sdp.replace(/a=fingerprint:.*\r\n/, '') });

  test.each([
    ['two fingerprints', twice],
    ['no fingerprint', without],
  ])('[RTC-9] a description with %s is refused before the browser sees it', async (_name, relay) => {
    const [, responder] = dialBoth(openTab(), openTab(), relay);
    await expect(responder).rejects.toThrow('exactly one sha-256 fingerprint');
    await expect.poll(() => destroyed().includes(true)).toBe(true);
  });

  test('[RTC-9] an initiator takes no offer', async () => {
    const [initiator] = dialBoth(openTab(), openTab(), (data) => (data.type === 'answer' ? { ...data, type: 'offer' } : data));
    await expect(initiator).rejects.toThrow('an offer came where an answer belongs');
  });

  test('[RTC-9] a swapped fingerprint lets no link come up', async () => {
    const swapped: Relay = (data) =>
      data.type === 'answer' ? { ...data, sdp: data.sdp.replace(/sha-256 (..):(..)/, (_all, x, y) => `sha-256 ${y}:${x}`) } : data;
    const [initiator, responder] = dialBoth(openTab(), openTab(), swapped);
    const outcomes = await Promise.allSettled([initiator, responder]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

test('[RTC-1] a channel that cannot be transferred goes through the pump', async () => {
  const pc = new RTCPeerConnection({ iceServers: [] });
  onTestFinished(() => pc.close());
  const channel = pc.createDataChannel('shoal', { negotiated: true, id: 100 });
  // A task later Chromium does not transfer it any more.
  await new Promise((resolve) => setTimeout(resolve));
  const { port1, port2 } = new MessageChannel();
  const told = new Promise<MessageEvent>((resolve) => (port1.onmessage = resolve));
  handOver(channel, port2, false);
  expect((await told).data.type).toBe('pump');
});

/** Watches, five pings in 100 ms, and resolves when the first was answered. */
function watch(tab: Tab, gone: (reason: string) => void): Promise<void> {
  return new Promise((resolve) => onTestFinished(watchWorker(tab.worker, () => tab.peer.ping().then(resolve), gone, 20)));
}

describe('the worker watch', () => {
  test('[RTC-8] a worker that hangs counts as gone after five unanswered pings', async () => {
    const tab = openTab();
    const gone = new Promise<string>((resolve) => void watch(tab, resolve).then(() => tab.peer.hang()));
    expect(await gone).toBe('the worker does not answer');
  });

  test('[RTC-8] a worker that fails counts as gone at once', async () => {
    const tab = openTab();
    tab.worker.addEventListener('error', (event) => event.preventDefault());
    const gone = new Promise<string>((resolve) => void watch(tab, resolve).then(() => tab.peer.fail()));
    expect(await gone).toContain('on purpose');
  });

  test('[RTC-8] a worker that has not started yet is not taken for dead', async () => {
    let pings = 0;
    const outcome = new Promise<string>((resolve) => {
      const ping = () => {
        pings += 1;
        if (pings === 20) resolve('still waiting');
        return new Promise<void>(() => undefined);
      };
      onTestFinished(watchWorker(openTab().worker, ping, resolve, 1));
    });
    expect(await outcome).toBe('still waiting');
  });
});
