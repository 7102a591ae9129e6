import type { Page } from '@playwright/test';
import { within } from './within.ts';

/**
 * Bare channels between a hub and other tabs: one connection with one ordered, reliable RTCDataChannel to each, and a send window of
 * 64 KiB. What comes is counted and forgotten: no encryption but that of WebRTC, no hash, no store.
 */
export interface BareChannels {
  /**
   * Moves `bytes` in all, spread evenly, from the hub (`out`) or to it (`in`). ms by the hub's clock: from before the first frame, or
   * before it asks for the first one, until the last channel's other end said, or the hub itself saw, that all of it is there.
   */
  carry(direction: 'out' | 'in', bytes: number): Promise<number>;
}

/** What the script of a bare tab offers. */
interface BareTab {
  offer(name: string): Promise<string>;
  answer(name: string, sdp: string): Promise<string>;
  accept(name: string, sdp: string): Promise<void>;
  carry(names: readonly string[], direction: 'out' | 'in', bytes: number): Promise<number>;
}

declare global {
  interface Window {
    bare: BareTab;
  }
}

const openMs = 20_000;
const carryMs = 300_000;

/** Links the hub with each of the others. */
export async function linkBare(hub: Page, others: readonly Page[]): Promise<BareChannels> {
  for (const page of [hub, ...others]) await page.evaluate(installBare);
  const names = others.map((_, index) => `channel-${index}`);
  for (const [index, other] of others.entries()) await within(openMs, 'a bare channel to open', link(hub, other, names[index]!));
  return {
    carry(direction, bytes) {
      const each = Math.ceil(bytes / others.length);
      const carried = hub.evaluate((args) => window.bare.carry(...args), [names, direction, each] as const);
      return within(carryMs, 'bare channels to carry', carried);
    },
  };
}

async function link(hub: Page, other: Page, name: string): Promise<void> {
  const offer = await hub.evaluate((args) => window.bare.offer(args), name);
  const answer = await other.evaluate((args) => window.bare.answer(...args), [name, offer] as const);
  await hub.evaluate((args) => window.bare.accept(...args), [name, answer] as const);
}

/** Runs in the page. */
function installBare(): void {
  // As links here: frames of a quarter of the window, so that below the low mark, half of it, one more always fits.
  const windowBytes = 65_536;
  const frame = crypto.getRandomValues(new Uint8Array(windowBytes / 4));

  interface End {
    readonly connection: RTCPeerConnection;
    readonly channel: RTCDataChannel;
    /** All that was asked for is there: here, or at the other end as it says. */
    done(): void;
    /** Bytes that are still to come. */
    awaited: number;
  }
  const ends = new Map<string, End>();

  const send = (channel: RTCDataChannel, bytes: number): void => {
    let left = bytes;
    const pump = (): void => {
      for (; left > 0 && channel.bufferedAmount + frame.length <= windowBytes; left -= frame.length)
        channel.send(left < frame.length ? frame.subarray(0, left) : frame);
    };
    channel.onbufferedamountlow = pump;
    pump();
  };
  const receive = (end: End, data: ArrayBuffer | string): void => {
    if (data === 'done') return end.done();
    if (typeof data !== 'string') {
      end.awaited -= data.byteLength;
      if (end.awaited > 0) return;
      end.done();
      return end.channel.send('done');
    }
    // What the other end says before it sends, or to have sent.
    const [verb, bytes] = data.split(' ');
    if (verb === 'take') end.awaited = Number(bytes);
    else send(end.channel, Number(bytes));
  };
  const begin = (name: string): End => {
    const connection = new RTCPeerConnection({ iceServers: [] });
    const channel = connection.createDataChannel('bare', { negotiated: true, id: 100 });
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = windowBytes / 2;
    const end: End = { connection, channel, done: () => {}, awaited: 0 };
    channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => receive(end, data));
    ends.set(name, end);
    return end;
  };
  const gathered = async (connection: RTCPeerConnection): Promise<string> => {
    const complete = new Promise<void>((resolve) => {
      const look = (): void => (connection.iceGatheringState === 'complete' ? resolve() : undefined);
      connection.addEventListener('icegatheringstatechange', look);
      look();
    });
    await complete;
    return connection.localDescription!.sdp;
  };
  const carryOver = (end: End, direction: 'out' | 'in', bytes: number): Promise<void> =>
    new Promise((resolve) => {
      end.done = resolve;
      if (direction === 'in') end.awaited = bytes;
      end.channel.send(`${direction === 'in' ? 'give' : 'take'} ${bytes}`);
      if (direction === 'out') send(end.channel, bytes);
    });

  window.bare = {
    async offer(name) {
      const { connection } = begin(name);
      await connection.setLocalDescription(await connection.createOffer());
      return gathered(connection);
    },
    async answer(name, sdp) {
      const { connection } = begin(name);
      await connection.setRemoteDescription({ type: 'offer', sdp });
      await connection.setLocalDescription(await connection.createAnswer());
      return gathered(connection);
    },
    async accept(name, sdp) {
      const { connection, channel } = ends.get(name)!;
      const opened = new Promise((resolve) => channel.addEventListener('open', resolve, { once: true }));
      await connection.setRemoteDescription({ type: 'answer', sdp });
      await opened;
    },
    async carry(names, direction, bytes) {
      const began = performance.now();
      await Promise.all(names.map((name) => carryOver(ends.get(name)!, direction, bytes)));
      return performance.now() - began;
    },
  };
}
