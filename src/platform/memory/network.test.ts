import { expect, test } from 'vitest';
import { linkedPair, type LinkedPeer, linksWorld } from '../../../test/links-world.ts';
import { kinds } from '../../core/wire/kinds.ts';
import { noticeOf } from '../../core/wire/message.ts';

const only = (...peers: readonly LinkedPeer[]): ReadonlySet<string> => new Set(peers.map(({ node }) => node));

/** A linked pair, and when each notice of the other came to each. */
async function talking(options: Parameters<typeof linkedPair>[0] = {}) {
  const pair = await linkedPair(options);
  const heard = { a: [] as number[], b: [] as number[] };
  pair.a.links.onNotify(kinds.heartbeat, () => heard.a.push(pair.clock.now()));
  pair.b.links.onNotify(kinds.heartbeat, () => heard.b.push(pair.clock.now()));
  const notice = noticeOf(kinds.heartbeat, new Map());
  const say = (): void => {
    pair.fromA.notify(notice);
    pair.fromB.notify(notice);
  };
  return { ...pair, heard, say };
}

test('[SIM-5] a one-way partition holds what goes one way back, and lets it pass in order when it ends', async () => {
  const { a, b, network, heard, say, pass, clock } = await talking();
  const end = network.trouble({ from: only(a), to: only(b), blocked: true });
  say();
  await pass(20_000);
  expect([heard.a.length, heard.b.length]).toEqual([1, 0]);
  say();
  const endedMs = clock.now();
  end();
  await pass(1_000);
  expect(heard.a).toHaveLength(2);
  expect(heard.b).toEqual([endedMs + 20, endedMs + 20]);
});

test('[SIM-5] after 30 s without consent, either way, the link is gone at both ends, and nobody is linked until the partition ends', async () => {
  for (const direction of ['from', 'to'] as const) {
    const { a, b, network, pass, until } = await linkedPair();
    const end = network.trouble({ [direction]: only(a), blocked: true });
    await pass(29_000);
    expect([a.closed.length, b.closed.length]).toEqual([0, 0]);
    await pass(1_100);
    expect([a.closed.length, b.closed.length]).toEqual([1, 1]);
    await pass(60_000);
    expect(network.openLinks().size).toBe(0);
    end();
    await until(() => network.openLinks().size === 1, 120_000);
  }
});

test('[SIM-5] a trouble that ends within 30 s leaves the link as it is', async () => {
  const { a, network, pass, b } = await linkedPair();
  for (let i = 0; i < 3; i++) {
    const end = network.trouble({ to: only(b), blocked: true });
    await pass(25_000);
    end();
    await pass(1_000);
  }
  expect(a.closed).toEqual([]);
});

test('[SIM-5] a clog slows what one peer sends, and extra delay what goes one way; both end', async () => {
  const { a, b, network, heard, say, pass, clock } = await talking({ jitterMs: 0 });
  const ends = [network.trouble({ from: only(a), bytesPerSecond: 10 }), network.trouble({ from: only(b), to: only(a), extraMs: 500 })];
  say();
  const saidMs = clock.now();
  await pass(5_000);
  const length = 12 + 4;
  expect(heard).toEqual({ a: [saidMs + 520], b: [saidMs + 100 * length + 20] });
  for (const end of ends) end();
  say();
  await pass(100);
  expect(heard.b.at(-1)! - heard.a.at(-1)!).toBe(0);
});

test('[SIM-5] over the links of a peer that died nothing passes, and 30 s later they are gone; new ones can be made at once', async () => {
  const { a, b, fromB, network, heard, say, pass } = await talking();
  network.sever(a.node);
  say();
  await pass(29_000);
  expect([heard.a, heard.b, b.closed]).toEqual([[], [], []]);
  expect(b.links.session(a.node)).toBe(fromB);
  await pass(1_100);
  expect(b.closed).toHaveLength(1);
  await pass(10_000);
  expect(network.openLinks().size).toBe(1);
});

test('[SIM-5] signaling may be away for one peer: it loses it, the others see it leave, links stay, and it comes back', async () => {
  const world = await linksWorld({ peers: 3 });
  const [a, b] = world.peers as [LinkedPeer, LinkedPeer];
  for (const { links } of world.peers) links.start();
  await world.until(() => world.network.openLinks().size === 3);
  world.network.setSignaling(false, b.node);
  await world.pass(1_000);
  expect(a.introduced.map(({ node }) => node)).not.toContain(b.node);
  world.network.setSignaling(false);
  world.network.setSignaling(true);
  await world.pass(1_000);
  expect(a.introduced).toHaveLength(1);
  world.network.setSignaling(true, b.node);
  await world.pass(1_000);
  expect([a.introduced.length, b.introduced.length, world.network.openLinks().size]).toEqual([2, 2, 3]);
  expect(a.closed).toEqual([]);
});

test('[SIM-5] a dial may be made to fail', async () => {
  const world = await linksWorld({ peers: 2 });
  let failed = 0;
  const end = world.network.trouble({ failsDial: () => (failed++, 'no way through') });
  for (const { links } of world.peers) links.start();
  await world.pass(10_000);
  expect([world.network.openLinks().size, failed > 1]).toEqual([0, true]);
  end();
  await world.until(() => world.network.openLinks().size === 1);
});

test('[SIM-5] what is over is forgotten: links, and negotiations that came to nothing', async () => {
  const world = await linksWorld({ peers: 2, failDial: () => undefined });
  const [a, b] = world.peers as [LinkedPeer, LinkedPeer];
  for (const { links } of world.peers) links.start();
  for (let i = 0; i < 20; i++) {
    await world.until(() => world.network.openLinks().size === 1, 120_000);
    await world.pass(15_000);
    world.network.cut(a.node, b.node);
  }
  const end = world.network.trouble({ blocked: true });
  await world.pass(300_000);
  end();
  await world.settled(Promise.all(world.peers.map(({ links }) => links.stop())));
  await world.pass(60_000);
  expect(world.network.kept()).toBe(0);
});
