import { expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { harsh } from './faults.ts';
import { createMachines } from './machines.ts';
import { memoryFile } from './memory-file.ts';
import { faultKinds, planFaults } from './plan.ts';
import { playFaults } from './play.ts';

const minuteMs = 60_000;
const capacity = 20_000_000;
/** Everything so often that each kind strikes within minutes. */
const storm = {
  ...harsh,
  network: { ...harsh.network, breaks: 30, partitions: 8, oneWayShare: 0.5, clogs: 12, stalls: 20, signalingOutages: 12 },
  disk: { ...harsh.disk, lostUnsynced: 25, torn: 25, rot: 25, full: 6, wiped: 5 },
  peers: { ...harsh.peers, crashes: 6, leaves: 6, downMs: 20_000, freezes: 6, freezeMs: 20_000, skews: 8, olderShare: 0.3 },
};

const count = 6;

/** Some peers in a storm of ten minutes, each of which drops a small file now and then; afterwards a while of quiet. */
async function weather(seed: string) {
  const swarm = simulated(seed, { faults: storm });
  const machines = createMachines(swarm, storm);
  for (let i = 0; i < count; i++) await swarm.settled(machines.add(capacity));
  await swarm.pass(10_000);
  const random = seededRandom(`${seed}/drops`);
  const untilMs = 10 * minuteMs;
  const plan = planFaults({ seed, faults: storm, peers: count, untilMs });
  const counts = playFaults({ swarm, machines, plan, faults: storm, untilMs });
  for (let i = 0; i < 20; i++) {
    swarm.clock.timer(i * 30_000, () => machines.up()[i % count]?.life?.peer.drop(memoryFile(`${i}`, random.bytes(20_000))));
  }
  await swarm.pass(untilMs + 3 * minuteMs);
  return { swarm, machines, counts, trace: swarm.trace.hash(), events: swarm.clock.ran };
}

test('[SIM-2, SIM-5] with every fault on, the same seed gives the same trace, each kind of fault strikes, and all is healed in the end', async () => {
  const [first, again] = [await weather('storm'), await weather('storm')];
  expect([again.trace, again.events, again.counts]).toEqual([first.trace, first.events, first.counts]);
  expect(faultKinds.filter((kind) => first.counts[kind] === 0)).toEqual([]);
  const { swarm, machines } = first;
  expect(machines.failures).toEqual([]);
  expect(machines.up()).toHaveLength(count);
  expect(swarm.network.openLinks().size).toBe((count * (count - 1)) / 2);
  for (const { life } of machines.all()) {
    expect(life!.peer.snapshot().self).toMatchObject({ signaling: 'joined', capacity });
    expect(life!.peer.snapshot().peers.filter(({ linked, state }) => linked && state === 'live')).toHaveLength(count - 1);
  }

  // And a trace says in words what happened last to whom.
  const [one] = machines.all();
  const lines = swarm.trace.lines(new Set([one!.node]), 40);
  expect(lines).toHaveLength(40);
  for (const line of lines) expect(line).toMatch(/^\d+\.\d{3} s (frame|disk|fault) [0-9a-f]{8}(>[0-9a-f]{8})? /);
  expect(lines.every((line) => line.includes(one!.node.slice(0, 8)))).toBe(true);
});

test('[SIM-6] a machine that crashes is missed by the others and comes back with its disk; wiped it comes back empty', async () => {
  const swarm = simulated('crash');
  const machines = createMachines(swarm, storm);
  for (let i = 0; i < 3; i++) await swarm.settled(machines.add(capacity));
  await swarm.pass(5_000);
  const [holder, owner] = machines.all();
  owner!.life!.peer.drop(memoryFile('kept', new Uint8Array(50_000)));
  await swarm.until(() => owner!.life!.peer.snapshot().files[0]?.state === 'stored');
  const held = holder!.last.disk.held.size;
  expect(held).toBeGreaterThan(0);
  const seen = () => owner!.life!.peer.snapshot().peers.find(({ node }) => node === holder!.node);

  machines.crash(holder!, minuteMs, () => 0);
  expect(holder!.life).toBeUndefined();
  await swarm.pass(50_000);
  expect(seen()).toMatchObject({ linked: false, state: 'suspect' });
  await swarm.pass(20_000);
  expect(seen()).toMatchObject({ linked: true, state: 'live' });
  expect(holder!.life!.peer.snapshot().self.shards).toBe(held);
  expect(holder!.life!.life).toBe(1);

  machines.wipe(holder!, 1_000);
  await swarm.pass(20_000);
  expect(seen()).toMatchObject({ linked: true, state: 'live', used: 0 });
  expect(holder!.last.disk.held.size).toBe(0);
  expect(machines.failures).toEqual([]);
});

test('[SIM-8] a peer of an older version answers what it does not know with too-new, and everything else', async () => {
  const swarm = simulated('older');
  const older = await swarm.join(capacity, { older: true });
  const raw = await swarm.joinRaw();
  const session = raw.session(older.node);
  for (const kind of [37, 63]) {
    await expect(swarm.settled(session.call(kind, new Map(), { deadlineMs: 5_000 }).result)).rejects.toMatchObject({ code: 'too-new' });
  }
  await expect(swarm.settled(session.call(32, new Map([[1, new Uint8Array(32)]]), { deadlineMs: 5_000 }).result)).resolves.toBeDefined();
});
