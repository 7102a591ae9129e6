import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createServer, type Server } from '../../signaling/server.ts';
import { toHex } from '../core/bytes/text.ts';
import { closeCodes, type ServerMessage, signalingPath } from '../core/wire/signaling.ts';
import type { Clock, Introduction, Random, SignalData, SignalingEvents } from '../peer/ports.ts';
import { nobleCrypto } from './memory/crypto.ts';
import { virtualClock } from './memory/clock.ts';
import { openSocket } from './node/web-socket.ts';
import { answerMs, joinMs, quietMs, rejoinMaxMs, rejoinMinMs, type Socket, steadyMs, WebSocketSignaling } from './websocket-signaling.ts';

const drain = () => new Promise<void>((resolve) => void setImmediate(resolve));
/** No spread: every wait is the longest. */
const longest: Random = { bytes: (length) => new Uint8Array(length).fill(255) };
const realClock: Clock = {
  now: () => Date.now(),
  timer(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const signerOf = (seed: number) => nobleCrypto().signer(new Uint8Array(32).fill(seed));
const nodeOf = async (seed: number) => toHex(await nobleCrypto().sha256((await signerOf(seed)).publicKey));

/** Everything told, one line each. */
function recorder(): { readonly heard: string[]; readonly retries: (number | undefined)[]; readonly events: SignalingEvents } {
  const heard: string[] = [];
  const retries: (number | undefined)[] = [];
  const names = (peers: readonly Introduction[]) => peers.map(({ node }) => node).join(' ');
  const events: SignalingEvents = {
    state(state, retryMs) {
      heard.push(state);
      if (state === 'lost') retries.push(retryMs);
    },
    peers: (peers) => heard.push(`peers [${names(peers)}]`),
    joined: ({ node }) => heard.push(`joined ${node}`),
    left: (node) => heard.push(`left ${node}`),
    knock: (from) => heard.push(`knock ${from}`),
    signal: (from, data) => heard.push(`signal ${from} ${JSON.stringify(data)}`),
  };
  return { heard, retries, events };
}

describe('with the real server', () => {
  let server: Server;
  beforeEach(async () => {
    server = await createServer({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
    await server.listen();
  });
  afterEach(() => server.close());

  async function join(seed: number, swarm = 'test') {
    const { heard, events } = recorder();
    const connect = () => openSocket(new URL(signalingPath, server.url.replace('http', 'ws')).href);
    const options = { swarm, class: 'visitor', clock: realClock, random: longest, log: () => undefined, connect } as const;
    const signaling = new WebSocketSignaling({ ...options, signer: await signerOf(seed) });
    onTestFinished(() => signaling.stop());
    signaling.start(events);
    await expect.poll(() => heard[1]).toBe('joined');
    return { signaling, heard };
  }

  test('[SGC-1] peers of one swarm are introduced, knock, signal and leave', async () => {
    const [one, two] = [await nodeOf(1), await nodeOf(2)];
    const first = await join(1);
    const second = await join(2);
    expect(second.heard).toEqual(['connecting', 'joined', `peers [${one}]`]);
    await expect.poll(() => first.heard.at(-1)).toBe(`joined ${two}`);

    const offer: SignalData = { type: 'offer', sdp: 'v=0' };
    second.signaling.knock(one);
    second.signaling.signal(one, offer);
    await expect.poll(() => first.heard.slice(-2)).toEqual([`knock ${two}`, `signal ${two} ${JSON.stringify(offer)}`]);

    second.signaling.stop();
    await expect.poll(() => first.heard.at(-1)).toBe(`left ${two}`);
  });

  test('[SGC-2] who was replaced by a newer socket of its key does not come back by itself', async () => {
    const first = await join(1);
    const second = await join(1);
    await expect.poll(() => first.heard.at(-1)).toBe('lost');
    expect(second.heard).toEqual(['connecting', 'joined', 'peers []']);
  });
});

describe('with a scripted server', () => {
  /** The server's end of one socket. */
  interface Script {
    readonly atMs: number;
    readonly received: string[];
    say(message: ServerMessage | string): void;
    drop(code?: number): void;
  }

  async function start() {
    const clock = virtualClock(drain, 0);
    const { heard, retries, events } = recorder();
    const sockets: Script[] = [];
    const logged: string[] = [];
    const connect = (): Socket => {
      const socket: Socket = { onmessage: null, onclose: null, send: (text) => void script.received.push(text), close: () => undefined };
      const script: Script = {
        atMs: clock.now(),
        received: [],
        say: (message) =>
          socket.onmessage?.(new MessageEvent('message', { data: typeof message === 'string' ? message : JSON.stringify(message) })),
        drop: (code = 1006) => socket.onclose?.({ code } as CloseEvent),
      };
      sockets.push(script);
      return socket;
    };
    const log = (_level: string, event: string) => void logged.push(event);
    const signaling = new WebSocketSignaling({
      swarm: 'test',
      class: 'visitor',
      clock,
      random: longest,
      log,
      connect,
      signer: await signerOf(1),
    });
    signaling.start(events);
    return { clock, heard, retries, sockets, logged, signaling, last: () => sockets.at(-1)! };
  }

  const welcome: ServerMessage = { t: 'peers', you: '11'.repeat(32), peers: [], ice: [{ urls: 'stun:example.org' }] };

  test('[SGC-3] waits between joins double from the least to the most, and start anew after a steady stay', async () => {
    const { clock, sockets, last } = await start();
    while (sockets.length < 10) {
      const known = sockets.length;
      last().drop();
      await clock.runUntil(() => sockets.length > known, Infinity);
    }
    const waits = sockets.slice(1).map(({ atMs }, i) => atMs - sockets[i]!.atMs);
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);

    last().say(welcome);
    await clock.run(clock.now() + steadyMs);
    const lostAtMs = clock.now();
    last().drop();
    await clock.run(lostAtMs + rejoinMinMs);
    expect(last().atMs - lostAtMs).toBe(rejoinMinMs);
  });

  test('[SGC-3] a stay that was not steady does not shorten the wait', async () => {
    const { clock, last } = await start();
    for (const waitMs of [500, 1_000, 2_000]) {
      last().say(welcome);
      const lostAtMs = clock.now();
      last().drop();
      await clock.run(lostAtMs + waitMs);
      expect(last().atMs - lostAtMs).toBe(waitMs);
    }
  });

  test('[SGC-3] a server that does not let us join in time is given up and asked again', async () => {
    const { clock, heard, sockets } = await start();
    await clock.run(joinMs + rejoinMinMs);
    expect(sockets.length).toBe(2);
    expect(heard).toEqual(['connecting', 'lost', 'connecting']);
  });

  test('[SGC-3] a loss is told with the time of the next try, and after being replaced with none', async () => {
    const { clock, retries, sockets, last } = await start();
    last().drop();
    expect(retries).toEqual([rejoinMinMs]);
    await clock.run(rejoinMinMs - 1);
    expect(sockets.length).toBe(1);
    await clock.run(rejoinMinMs);
    expect(sockets.length).toBe(2);
    last().drop();
    expect(retries[1]).toBe(rejoinMinMs + 2 * rejoinMinMs);
    await clock.run(retries[1]!);
    last().drop(closeCodes.replaced);
    expect(retries[2]).toBeUndefined();
  });

  test('[SGC-2] no rejoin after being replaced', async () => {
    const { clock, heard, sockets, last } = await start();
    last().say(welcome);
    last().drop(closeCodes.replaced);
    await clock.run(10 * rejoinMaxMs);
    expect(sockets.length).toBe(1);
    expect(heard.at(-1)).toBe('lost');
  });

  test('[SGC-4] what cannot be read is logged and dropped', async () => {
    const { heard, logged, last } = await start();
    for (const text of ['', '{', '[]', '{"t":"news"}', '{"t":"left","node":"x"}']) last().say(text);
    expect(heard).toEqual(['connecting']);
    expect(logged).toEqual(Array.from({ length: 5 }, () => 'signaling.unreadable'));
  });

  test('[SGC-5] nothing but the join is sent before the welcome, and nothing after a loss', async () => {
    const { signaling, last } = await start();
    signaling.knock('22'.repeat(32));
    last().say({ t: 'challenge', challenge: '33'.repeat(32) });
    await drain();
    expect(last().received.map((text) => JSON.parse(text).t)).toEqual(['join']);
    last().say(welcome);
    last().drop();
    signaling.knock('22'.repeat(32));
    expect(last().received.length).toBe(1);
  });

  test('[SGC-6] the STUN and TURN servers of the welcome are kept for dialling', async () => {
    const { signaling, last } = await start();
    expect(signaling.iceServers).toEqual([]);
    last().say(welcome);
    last().drop();
    expect(signaling.iceServers).toEqual([{ urls: 'stun:example.org' }]);
  });

  test('[SGC-8] a server that says nothing for 30 s is asked, and given up 15 s later', async () => {
    const { clock, heard, sockets, last } = await start();
    last().say(welcome);
    const { received } = last();
    await clock.run(quietMs - 1);
    expect(received).toEqual([]);
    await clock.run(quietMs);
    expect(received).toEqual(['{"t":"alive"}']);
    await clock.run(quietMs + answerMs - 1);
    expect(heard.at(-1)).toBe('peers []');
    await clock.run(quietMs + answerMs);
    expect(heard.at(-1)).toBe('lost');
    await clock.run(quietMs + answerMs + rejoinMinMs);
    expect(sockets.length).toBe(2);
    // What the old socket still says or does is nothing to us.
    sockets[0]!.say(welcome);
    sockets[0]!.drop(closeCodes.replaced);
    expect(heard.at(-1)).toBe('connecting');
  });

  test('[SGC-8] whatever the server says shows that it is there', async () => {
    const { clock, heard, sockets, last } = await start();
    last().say(welcome);
    for (const message of [{ t: 'alive' }, { t: 'left', node: '22'.repeat(32) }, 'news of a later version', { t: 'alive' }] as const) {
      await clock.run(clock.now() + quietMs + answerMs - 1);
      last().say(message);
    }
    expect(last().received).toEqual(Array.from({ length: 4 }, () => '{"t":"alive"}'));
    await clock.run(clock.now() + quietMs - 1);
    expect({ sockets: sockets.length, lost: heard.includes('lost') }).toEqual({ sockets: 1, lost: false });
  });

  test('[SGC-8] who stopped, or was replaced, asks nothing', async () => {
    for (const end of ['stop', 'replaced'] as const) {
      const { clock, signaling, sockets, last } = await start();
      last().say(welcome);
      if (end === 'stop') signaling.stop();
      else last().drop(closeCodes.replaced);
      const sent = last().received.length;
      await clock.run(10 * quietMs);
      expect({ sockets: sockets.length, sent: last().received.length }).toEqual({ sockets: 1, sent });
    }
  });

  test('[SGC-7] who stopped says that it leaves and never comes back', async () => {
    const { clock, heard, signaling, sockets, last } = await start();
    last().say(welcome);
    signaling.stop();
    expect(last().received).toEqual(['{"t":"leave"}']);
    last().drop();
    await clock.run(10 * rejoinMaxMs);
    expect(sockets.length).toBe(1);
    expect(heard).toEqual(['connecting', 'joined', 'peers []']);
  });
});
