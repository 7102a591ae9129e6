import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { simulated } from '../../test/simulated.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { peerClock } from './peer-clock.ts';
import type { SimulatedPeer } from './swarm.ts';

const minuteMs = 60_000;

test('[SIM-6] a clock may be ahead and drift; its timers come when it says that so much time has passed', async () => {
  const base = virtualClock(drain, 1_000_000);
  const clock = peerClock(base, { offsetMs: -5_000, driftPpm: 10_000, sinceMs: 1_000_000 });
  expect(clock.now()).toBe(995_000);
  const came: (readonly number[])[] = [];
  clock.timer(10_100, () => came.push([base.now(), clock.now()]));
  await base.run(1_100_000);
  expect(came).toEqual([[1_010_000, 1_005_100]]);
  clock.set({ offsetMs: 7_000, driftPpm: 0, sinceMs: base.now() });
  expect(clock.now()).toBe(1_107_000);
});

test('[SIM-6] while it is frozen nothing happens; at the thaw all comes in order, each with what follows from it before the next', async () => {
  const base = virtualClock(drain, 0);
  const clock = peerClock(base);
  const order: string[] = [];
  const happens = (name: string) => () => {
    order.push(name);
    void Promise.resolve().then(() => order.push(`${name}, later`));
  };
  clock.timer(10, happens('timer'));
  clock.timer(20, happens('second timer'));
  const cancel = clock.timer(30, happens('cancelled while frozen'));
  base.timer(15, () => clock.enter(happens('frame')));
  // Reaches it in the moment of the thaw, set long before: it is still the last.
  base.timer(1_000, () => {
    clock.thaw();
    base.timer(0, () => clock.enter(happens('late frame')));
  });
  base.timer(1_000, () => clock.enter(happens('frame at the thaw')));
  clock.freeze();
  await base.run(999);
  cancel();
  expect(order).toEqual([]);
  expect(clock.isFrozen).toBe(true);
  await base.run(2_000);
  const names = ['timer', 'frame', 'second timer', 'frame at the thaw', 'late frame'];
  expect(order).toEqual(names.flatMap((name) => [name, `${name}, later`]));
});

test('[SIM-6] frozen twice it still runs each thing once; dead it runs nothing', async () => {
  const base = virtualClock(drain, 0);
  const clock = peerClock(base);
  const ran: number[] = [];
  clock.freeze();
  for (const i of [1, 2, 3]) clock.enter(() => ran.push(i));
  clock.thaw();
  clock.freeze();
  clock.thaw();
  await base.run(10);
  expect(ran).toEqual([1, 2, 3]);
  clock.timer(5, () => ran.push(4));
  clock.freeze();
  clock.enter(() => ran.push(5));
  clock.end();
  clock.thaw();
  clock.enter(() => ran.push(6));
  await base.run(100);
  expect(ran).toEqual([1, 2, 3]);
});

test('[SIM-6, MEM-1] a peer that freezes is suspect, then away, and live again when it thaws; its clock may be wrong by minutes', async () => {
  const swarm = simulated('frozen');
  const [one] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const two = await swarm.join(0, { skew: { offsetMs: 200_000, driftPpm: 200, sinceMs: swarm.clock.now() } });
  await swarm.pass(5_000);
  const stateOf = (peer: SimulatedPeer, node: string) => peer.peer.snapshot().peers.find((each) => each.node === node)?.state;
  expect([stateOf(one, two.node), stateOf(two, one.node)]).toEqual(['live', 'live']);
  two.clock.freeze();
  await swarm.pass(80_000);
  expect(stateOf(one, two.node)).toBe('suspect');
  await swarm.pass(2 * minuteMs);
  expect(stateOf(one, two.node)).toBe('away');
  two.clock.thaw();
  await swarm.pass(minuteMs);
  expect([stateOf(one, two.node), stateOf(two, one.node)]).toEqual(['live', 'live']);
});
