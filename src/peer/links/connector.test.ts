import { describe, expect, it } from 'vitest';
import { type LinkedPeer, linksWorld, type LinksWorld } from '../../../test/links-world.ts';
import { dialMs, knockAfterMs } from '../../core/wire/limits.ts';
import type { SignalData, SignalingEvents } from '../ports.ts';

interface Pair extends LinksWorld {
  /** The one that dials, and the one that answers and knocks. */
  readonly low: LinkedPeer;
  readonly high: LinkedPeer;
  /** When each dial began, ms. */
  readonly dials: readonly number[];
  /** From now on answers wait in signaling: a dial that begins goes on until it is given up. */
  hold(): void;
  /** Lets those through that wait, and all later ones. */
  release(): void;
}

/** Two peers, not started. */
async function pair(): Promise<Pair> {
  const dials: number[] = [];
  let held: SignalData[] | undefined;
  const world = await linksWorld({
    peers: 2,
    failDial: () => void dials.push(world.clock.now()),
    intercept(from, _to, data) {
      if (held === undefined || from === low.node) return data;
      held.push(data);
      return undefined;
    },
  });
  const [low, high] = world.peers as [LinkedPeer, LinkedPeer];
  return {
    ...world,
    ...{ low, high, dials },
    hold: () => void (held = []),
    release() {
      for (const data of held ?? []) world.network.deliver(high.node, low.node, data);
      held = undefined;
    },
  };
}

/** What comes of it after a while, long enough for every wait before a dial or a knock to end. */
async function outcome({ low, high, dials, pass }: Pair) {
  await pass(150_000);
  return { dials: dials.length, opened: [low.opened.length, high.opened.length], closed: [low.closed.length, high.closed.length] };
}

/** The other one has lost the link, so it says, whatever is believed here. */
const knock = ({ network, low, high }: Pair): void => network.peer({ node: high.node }).signaling.knock(low.node);

const connect = (from: LinkedPeer, to: LinkedPeer): void => void from.links.connect(to.node).catch(() => {});

/** To others a peer that cannot reach signaling for a moment has left and comes anew. */
function blink({ network }: Pair, { node }: LinkedPeer): void {
  network.setSignaling(false, node);
  network.setSignaling(true, node);
}

const happenings: readonly (readonly [what: string, happen: (world: Pair) => void])[] = [
  ['a knock of the other one', knock],
  ['a request by name where it is dialled', ({ low, high }) => connect(low, high)],
  ['a request by name where it is answered', ({ low, high }) => connect(high, low)],
  ['news of the other one where it is dialled', (world) => blink(world, world.high)],
  ['news of the other one where it is answered', (world) => blink(world, world.low)],
];

describe('one dial at a time', () => {
  it.each(happenings)('[DIAL-14] %s, while a dial runs, begins no other, at once or later', async (_, happen) => {
    const world = await pair();
    world.hold();
    for (const { links } of world.peers) links.start();
    await world.pass(1_000);
    expect(world.dials).toHaveLength(1);
    happen(world);
    // Longer than a knock waits, and not so long that the dial is given up.
    await world.pass(2 * knockAfterMs);
    expect(world.dials).toHaveLength(1);
    world.release();
    expect(await outcome(world)).toEqual({ dials: 1, opened: [1, 1], closed: [0, 0] });
  });

  // What had lived for 10 s is dialled anew at once, what had not after a wait (DIAL-6).
  it.each([1_000, 20_000])('[DIAL-14] a link of %i ms that breaks while another is made is not made a third time', async (livedMs) => {
    const world = await pair();
    for (const { links } of world.peers) links.start();
    await world.until(() => world.peers.every(({ opened }) => opened.length === 1));
    await world.pass(livedMs);
    world.hold();
    knock(world);
    await world.pass(100);
    expect(world.dials).toHaveLength(2);
    world.network.cut(world.low.node, world.high.node);
    await world.pass(2 * knockAfterMs);
    expect(world.dials).toHaveLength(2);
    world.release();
    expect(await outcome(world)).toEqual({ dials: 2, opened: [2, 2], closed: [1, 1] });
  });

  it('[DIAL-14] whatever happens, and however often, a dial begins only when the one before is over', async () => {
    const world = await pair();
    world.hold();
    for (const { links } of world.peers) links.start();
    for (let round = 0; round < 500; round++) {
      await world.pass(317);
      happenings[round % happenings.length]![1](world);
    }
    const gaps = world.dials.slice(1).map((ms, i) => ms - world.dials[i]!);
    expect(gaps.length).toBeGreaterThan(10);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(dialMs);
  });

  it('[DIAL-14] a knock that became a link is not repeated', async () => {
    let deaf = true;
    const dials: number[] = [];
    const world = await linksWorld({ peers: 2, failDial: () => (dials.push(0), deaf ? 'asleep' : undefined) });
    for (const { links } of world.peers) links.start();
    await world.pass(knockAfterMs - 100);
    deaf = false;
    const before = dials.length;
    await world.pass(150_000);
    expect(dials.length - before).toBe(1);
    for (const { opened, closed } of world.peers) expect([opened.length, closed.length]).toEqual([1, 0]);
  });

  it('[DIAL-14] who has knocked does not knock again within 3 s, however often it is asked for the link', async () => {
    const world = await linksWorld({ peers: 1, bounds: { wanted: 0, max: 64 } });
    const [high] = world.peers as [LinkedPeer];
    let knocks = 0;
    const told: SignalingEvents = { state() {}, peers() {}, joined() {}, left() {}, signal() {}, knock: () => knocks++ };
    const low = '0'.repeat(64);
    world.network.peer({ node: low }).signaling.start(told);
    high.links.start();
    await world.pass(1_000);
    for (let i = 0; i < 29; i++) {
      void high.links.connect(low).catch(() => {});
      await world.pass(100);
    }
    expect(knocks).toBe(1);
  });
});
