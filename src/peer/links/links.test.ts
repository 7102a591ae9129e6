import { describe, expect, it } from 'vitest';
import { linkedPair, type LinkedPeer, linksWorld } from '../../../test/links-world.ts';
import { kinds } from '../../core/wire/kinds.ts';
import { noticeOf } from '../../core/wire/message.ts';
import type { SignalingEvents } from '../ports.ts';
import { dialMs, knockAfterMs, peersMax, redialMaxMs, silentAfterMs, spareAfterMs } from '../../core/wire/limits.ts';

/** Hears what signaling says and does nothing. */
const silence: SignalingEvents = { state() {}, peers() {}, joined() {}, left() {}, knock() {}, signal() {} };

describe('links', () => {
  it('[DIAL-1] every pair of a swarm gets exactly one link, dialled by the lower NodeId', async () => {
    const world = await linksWorld({ peers: 6 });
    for (const { links } of world.peers) links.start();
    await world.until(() => world.peers.every(({ links }) => links.sessions().length === 5));
    await world.pass(60_000);
    for (const peer of world.peers) {
      expect(peer.opened).toHaveLength(5);
      expect(peer.closed).toEqual([]);
      for (const session of peer.links.sessions()) expect(session.initiator).toBe(peer.node < session.node);
    }
  });

  it('[DIAL-2] at most 4 dials run at once', async () => {
    let dials = 0;
    let most = 0;
    const world = await linksWorld({
      peers: 12,
      intercept: (from, _to, data) => {
        if (data.type === 'offer' && from === world.peers[0]!.node) most = Math.max(most, ++dials);
        if (data.type === 'answer') dials = Math.max(0, dials - 1);
        return data;
      },
    });
    for (const { links } of world.peers) links.start();
    await world.until(() => world.peers[0]!.links.sessions().length === 11);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('[DIAL-3] a dial that fails before it opens is repeated once at once, then with a backoff of 1 s doubling to 60 s', async () => {
    const dials: number[] = [];
    const world = await linksWorld({
      peers: 2,
      failDial: () => {
        dials.push(world.clock.now());
        return 'no route';
      },
    });
    world.peers[0]!.links.start();
    world.peers[1]!.links.start();
    // The other side knocks, which may only skip a backoff down to its last second: left out here.
    await world.pass(knockAfterMs - 100);
    const gaps = dials.slice(1).map((ms, i) => ms - dials[i]!);
    expect(gaps[0]).toBe(0);
    expect(gaps[1]).toBeGreaterThanOrEqual(500);
    expect(gaps[1]).toBeLessThanOrEqual(1_000);
    await world.pass(600_000);
    const late = dials.slice(-4).map((ms, i, all) => (i === 0 ? Infinity : ms - all[i - 1]!));
    for (const gap of late) expect(gap).toBeGreaterThanOrEqual(1_000);
    expect(dials.length).toBeLessThan(5 + (2 * 600_000) / (redialMaxMs / 2));
  });

  it('[DIAL-4] a dial without an answer is given up after 10 s', async () => {
    let answered = false;
    const world = await linksWorld({ peers: 2, intercept: (_from, _to, data) => (answered || data.type !== 'answer' ? data : undefined) });
    const began = world.clock.now();
    for (const { links } of world.peers) links.start();
    await world.pass(dialMs - 1_000);
    expect(world.peers[0]!.opened).toEqual([]);
    answered = true;
    await world.until(() => world.peers.every(({ opened }) => opened.length === 1));
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(dialMs);
    expect(world.clock.now() - began).toBeLessThan(dialMs + 2_000);
  });

  it('[DIAL-5] a peer that is not dialled knocks after 3 s, and is dialled then', async () => {
    let deaf = true;
    const world = await linksWorld({ peers: 2, failDial: () => (deaf ? 'asleep' : undefined) });
    const [low, high] = world.peers;
    for (const { links } of world.peers) links.start();
    await world.pass(knockAfterMs - 100);
    deaf = false;
    await world.until(() => low!.opened.length === 1 && high!.opened.length === 1, 2_000);
  });

  it('[DIAL-6] a lost link is made anew by itself, and both sides hear of the end and the beginning', async () => {
    const { a, b, network, until, pass, clock } = await linkedPair();
    await pass(20_000);
    const lost = clock.now();
    network.cut(a.node, b.node);
    await until(() => a.opened.length === 2 && b.opened.length === 2);
    expect(clock.now() - lost).toBeLessThan(1_000);
    expect([a.closed, b.closed]).toEqual([[{ node: b.node, end: 'lost' }], [{ node: a.node, end: 'lost' }]]);
    expect([a.links.sessions().length, b.links.sessions().length]).toEqual([1, 1]);
  });

  it('[DIAL-7] who leaves says bye on every link, and is not dialled again', async () => {
    const { a, b, settled, pass } = await linkedPair();
    await settled(b.links.stop());
    await pass(120_000);
    expect(a.closed).toEqual([{ node: b.node, end: 'bye' }]);
    expect([a.opened.length, a.links.sessions().length, b.links.sessions().length]).toEqual([1, 0, 0]);
    expect(a.introduced).toEqual([]);
  });

  it('[DIAL-7] a link that carries nothing more is closed 250 ms after the bye all the same', async () => {
    const world = await linkedPair({ bytesPerSecond: 5_000 });
    world.b.links.handle(kinds.store, async (incoming) => (await incoming.receive(), await incoming.cancelled, new Map()));
    const call = world.fromA.call(kinds.store, new Map(), { deadlineMs: 60_000 });
    call.send(new Uint8Array(100_000)).catch(() => {});
    await world.pass(2_000);
    let stopped = false;
    void world.a.links.stop().then(() => (stopped = true));
    await world.pass(240);
    expect(stopped).toBe(false);
    await world.pass(20);
    expect(stopped).toBe(true);
  });

  it('[DIAL-7] who said bye and comes back is linked again', async () => {
    const { a, b, fromB, until, pass } = await linkedPair();
    // The bye of a page that reloads may be the last thing heard of it, after signaling has introduced it again.
    fromB.notify(noticeOf(kinds.bye, new Map()));
    await until(() => a.closed.length === 1 && b.closed.length === 1);
    expect(a.closed).toEqual([{ node: b.node, end: 'bye' }]);
    await until(() => a.opened.length === 2 && b.opened.length === 2);
    await pass(1_000);
    expect(a.links.session(b.node)).toBe(a.opened[1]);
  });

  it('[DIAL-8] a peer looks for links until it has those it wants, and answers others up to the most it may have', async () => {
    const bounds = { wanted: 2, max: 6 };
    const world = await linksWorld({ peers: 14, bounds });
    // One after another, the highest NodeId last: it may dial nobody itself.
    for (const { links } of world.peers) {
      links.start();
      await world.pass(15_000);
      expect(links.sessions().length).toBeGreaterThanOrEqual(
        Math.min(
          bounds.wanted,
          world.peers.findIndex((each) => each.links === links),
        ),
      );
    }
    const counts = world.peers.map(({ links }) => links.sessions().length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(bounds.max);
    // Each brings two of its own: nobody made more.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2 * bounds.wanted * counts.length);
  });

  it('[DIAL-8] links over which nothing came for 150 s count for none: who is at their other end may be gone', async () => {
    const world = await linksWorld({ peers: 4, bounds: { wanted: 1, max: 8 } });
    const [a, b, c, d] = world.peers;
    const linkedTo = ({ links }: LinkedPeer): string[] => links.sessions().map(({ node }) => node);
    for (const { links } of [a!, b!, c!]) links.start();
    await world.pass(10_000);
    expect([a!, b!, c!].flatMap(linkedTo)).toHaveLength(4);
    await world.pass(silentAfterMs);
    d!.links.start();
    await world.pass(20_000);
    // One for the newcomer, and one that a peer made that had one already.
    expect(world.peers.flatMap(linkedTo)).toHaveLength(8);
  });

  it('[DIAL-13] where all links are taken, the one that is idle longest makes room, and neither side makes it anew', async () => {
    const world = await linksWorld({ peers: 5, bounds: { wanted: 0, max: 2 } });
    const [a, b, c, d, e] = world.peers;
    for (const { links } of world.peers) links.start();
    await world.pass(1_000);
    await world.settled(b!.links.connect(a!.node));
    await world.settled(c!.links.connect(a!.node));
    // None has been idle for a minute.
    await expect(world.settled(d!.links.connect(a!.node))).rejects.toMatchObject({ code: 'timeout' });
    expect(a!.closed).toEqual([]);
    await world.pass(spareAfterMs);
    // A request over the older one: it is the other that goes.
    b!.links.handle(kinds.read, async () => new Map());
    await world.settled(a!.links.session(b!.node)!.call(kinds.read, new Map(), { deadlineMs: 1_000 }).result);
    await world.settled(e!.links.connect(a!.node));
    await world.pass(60_000);
    expect([a!.closed, c!.closed]).toEqual([[{ node: c!.node, end: 'spared' }], [{ node: a!.node, end: 'spared' }]]);
    expect(a!.links.sessions().map(({ node }) => node)).toEqual([b!.node, e!.node]);
  });

  it('[DIAL-13] as many as a peer wants, those that have lasted longest, make room for nobody', async () => {
    const world = await linksWorld({ peers: 5, bounds: { wanted: 1, max: 2 } });
    const [a, b, c, d] = world.peers;
    for (const { links } of [a!, b!]) links.start();
    await world.until(() => a!.links.sessions().length === 1);
    for (const { links } of [c!, d!]) links.start();
    await world.pass(1_000);
    await world.settled(c!.links.connect(a!.node));
    for (const next of [d!, c!]) {
      await world.pass(spareAfterMs);
      await world.settled(next.links.connect(a!.node));
      // Nor does the other one, which wants a link, ask for the same again soon.
      await world.pass(10_000);
      expect(a!.links.sessions().map(({ node }) => node)).toEqual([b!.node, next.node]);
    }
  });

  it('[DIAL-13] one link makes room for one other, however many ask for it at once', async () => {
    const world = await linksWorld({ peers: 8, bounds: { wanted: 0, max: 2 } });
    const [a, b, c, ...others] = world.peers;
    for (const { links } of world.peers) links.start();
    await world.pass(1_000);
    for (const each of [b!, c!]) await world.settled(each.links.connect(a!.node));
    await world.pass(spareAfterMs);
    a!.links.handle(kinds.read, async ({ cancelled }) => (await cancelled, new Map()));
    void b!.links.session(a!.node)!.call(kinds.read, new Map(), { deadlineMs: 600_000 });
    const asked = others.map(({ links }) => links.connect(a!.node).catch(() => {}));
    for (let seconds = 0; seconds < 25; seconds++) {
      await world.pass(1_000);
      expect(a!.links.sessions().length).toBeLessThanOrEqual(2);
    }
    await world.settled(Promise.all(asked));
    expect(a!.links.session(b!.node)).toBeDefined();
    expect(a!.closed.filter(({ node }) => node === c!.node)).toEqual([{ node: c!.node, end: 'spared' }]);
  });

  it('[DIAL-9] connect gives the session there is, makes one past the wanted number, or says why not', async () => {
    const world = await linksWorld({ peers: 3, bounds: { wanted: 0, max: 64 } });
    const [a, b, c] = world.peers;
    for (const { links } of world.peers) links.start();
    await world.pass(10_000);
    expect(a!.links.sessions()).toEqual([]);
    await expect(a!.links.connect('00'.repeat(32))).rejects.toMatchObject({ code: 'not-found' });
    // Either side, whoever of them has to dial.
    const fromA = await world.settled(a!.links.connect(b!.node));
    const fromC = await world.settled(c!.links.connect(a!.node));
    expect([fromA.node, fromC.node]).toEqual([b!.node, a!.node]);
    expect(await a!.links.connect(b!.node)).toBe(fromA);
    await world.settled(b!.links.stop());
    await world.pass(1_000);
    await expect(a!.links.connect(b!.node)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('[DIAL-10] while signaling is away links stay, and peers that came meanwhile are linked afterwards', async () => {
    const world = await linksWorld({ peers: 3 });
    const [a, b, c] = world.peers;
    a!.links.start();
    b!.links.start();
    await world.until(() => a!.opened.length === 1);
    world.network.setSignaling(false);
    c!.links.start();
    await world.pass(30_000);
    expect([a!.links.sessions().length, c!.links.sessions().length]).toEqual([1, 0]);
    world.network.setSignaling(true);
    await world.until(() => world.peers.every(({ links }) => links.sessions().length === 2));
    expect(a!.closed).toEqual([]);
  });

  it('[DIAL-11] an offer forged in a linked peer’s name leaves its link as it is', async () => {
    const { a, b, network, pass } = await linkedPair();
    network.deliver(a.node, b.node, { type: 'offer', sdp: 'forged' });
    await pass(60_000);
    expect(b.closed).toEqual([]);
    expect(b.links.session(a.node)).toBe(b.opened[0]);
  });

  it('[DIAL-12] at most 1,000 peers are remembered', async () => {
    const world = await linksWorld({ peers: 1, bounds: { wanted: 0, max: 0 } });
    const strangers = Array.from({ length: peersMax + 5 }, (_, i) => i.toString(16).padStart(64, '0'));
    for (const node of strangers) world.network.peer({ node }).signaling.start(silence);
    world.peers[0]!.links.start();
    await world.pass(1_000);
    expect(world.peers[0]!.introduced).toHaveLength(peersMax);
  });

  it('[LINK-14] the same seed gives the same trace, another one another', async () => {
    const run = async (seed: string): Promise<string> => {
      const { b, fromA, settled, trace } = await linkedPair({ seed, jitterMs: 5 });
      b.links.handle(kinds.read, async (incoming) => {
        await incoming.send(new Uint8Array(300_000));
        return new Map();
      });
      const call = fromA.call(kinds.read, new Map(), { deadlineMs: 30_000 });
      await settled(
        (async () => {
          while ((await call.receive()) !== undefined);
        })(),
      );
      return trace.hash();
    };
    const [first, second, other] = [await run('x'), await run('x'), await run('y')];
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });
});
