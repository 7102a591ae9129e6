import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { ShoalError } from '../core/errors.ts';
import { kinds, renewOk } from '../core/wire/kinds.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('lease');
});

const fileOf = ({ peer }: SimulatedPeer) => peer.snapshot().files[0]!;
const shardsOf = (peers: readonly SimulatedPeer[]) => peers.map(({ disk }) => disk.held.size);

/** Minutes for days: leases of half an hour, looked at every 20 seconds. */
const policy = { leaseMs: 30 * minuteMs, graceMs: 4 * minuteMs, collectMs: 20_000 };

async function stored({ count = 2, files = 1, options = {} }: { count?: number; files?: number; options?: object } = {}) {
  const holders: SimulatedPeer[] = [];
  for (let i = 0; i < count; i++) holders.push(await swarm.join(capacity, { options }));
  const owner = await swarm.join(0, { options });
  await swarm.pass(5_000);
  for (let i = 0; i < files; i++) owner.peer.drop(memoryFile(`${i}.bin`, seededRandom(`${i}`).bytes(100)));
  await swarm.until(() => owner.peer.snapshot().files.every(({ state }) => state === 'stored'));
  return { holders, owner };
}

const stopAll = async (peers: readonly SimulatedPeer[]): Promise<void> => {
  for (const { peer } of peers) await peer.stop();
};

describe('[LEASE-2] a lease that ends', () => {
  test('[LEASE-2] is collected after its grace, not before, and no loss is confessed of it', async () => {
    const { holders, owner } = await stored({ options: { policy } });
    const endMs = fileOf(owner).leaseMs;
    await owner.peer.stop();
    await swarm.pass(endMs + policy.graceMs - 30_000 - swarm.clock.now());
    expect(shardsOf(holders)).toEqual([1, 1]);
    await swarm.pass(2 * minuteMs);
    expect(shardsOf(holders)).toEqual([0, 0]);
    expect(holders.map(({ peer }) => peer.snapshot().self.used)).toEqual([0, 0]);
    await holders[0]!.peer.stop();
    const again = await swarm.join(capacity, { again: holders[0]!, options: { policy } });
    await swarm.pass(minuteMs);
    expect(again.peer.snapshot().self.check).toMatchObject({ total: 0, lost: 0 });
    expect(again.peer.snapshot().events.some((event) => event.kind === 'hold')).toBe(false);
  });

  test('[LEASE-2] while its holder was away is looked at once more: what was renewed meanwhile stays', async () => {
    const { holders, owner } = await stored({ count: 3, options: { policy } });
    const [away] = holders as [SimulatedPeer];
    await away.peer.stop();
    await swarm.pass(45 * minuteMs);
    const back = await swarm.join(capacity, { again: away, options: { policy } });
    await swarm.pass(2 * minuteMs);
    expect(back.disk.held.size).toBe(1);
    expect(fileOf(owner).shards).toEqual([1, 1, 1]);
  });
});

test('[LEASE-3] an owner that is there renews at half; the date moves; its shards stay', async () => {
  const { holders, owner } = await stored({ options: { policy } });
  const endMs = fileOf(owner).leaseMs;
  await swarm.pass(14 * minuteMs);
  expect(fileOf(owner).leaseMs).toBe(endMs);
  await swarm.pass(3 * minuteMs);
  expect(fileOf(owner).leaseMs - endMs).toBeGreaterThan(13 * minuteMs);
  await swarm.pass(hourMs);
  expect(shardsOf(holders)).toEqual([1, 1]);
  expect(fileOf(owner)).toMatchObject({ state: 'stored', shards: [1, 1] });
});

test('[LEASE-1, LEASE-5] by the days: devices that are on for 20 minutes in ten days keep a file for 90; without its owner it ends', async () => {
  let { holders, owner } = await stored();
  expect(Math.round((fileOf(owner).leaseMs - swarm.clock.now()) / dayMs)).toBe(30);
  const onFor = async (ms: number, withOwner: boolean): Promise<void> => {
    const here: SimulatedPeer[] = [];
    for (const again of holders) here.push(await swarm.join(capacity, { again }));
    holders = here;
    if (withOwner) owner = await swarm.join(0, { again: owner });
    await swarm.pass(ms);
  };
  await stopAll([...holders, owner]);
  for (let turn = 1; turn <= 9; turn++) {
    await swarm.pass(10 * dayMs);
    await onFor(20 * minuteMs, true);
    expect(fileOf(owner)).toMatchObject({ state: 'stored', shards: [1, 1] });
    await stopAll([...holders, owner]);
  }
  expect(shardsOf(holders)).toEqual([1, 1]);
  await swarm.pass(31 * dayMs);
  await onFor(10 * minuteMs, false);
  expect(shardsOf(holders)).toEqual([0, 0]);
});

test('[LEASE-5] a claim that ends before its lease is made anew at half its life', async () => {
  const { holders, owner } = await stored({ options: { policy: { leaseMs: 60 * dayMs } } });
  await stopAll([...holders, owner]);
  await swarm.pass(16 * dayMs);
  const here: SimulatedPeer[] = [];
  for (const again of holders) here.push(await swarm.join(capacity, { again }));
  await swarm.pass(10 * minuteMs);
  await stopAll(here);
  await swarm.pass(16 * dayMs);
  // 32 days after the first claims.
  for (const again of here) await swarm.join(capacity, { again });
  const back = await swarm.join(0, { again: owner });
  await swarm.pass(minuteMs);
  expect(fileOf(back)).toMatchObject({ state: 'stored', shards: [1, 1] });
});

test('[RENEW-3] a hundred files are renewed by one message to each holder', async () => {
  const { owner } = await stored({ count: 1, files: 100 });
  let messages = 0;
  const { links } = owner.peer.parts;
  for (const session of links.sessions()) {
    const call = session.call.bind(session);
    Object.assign(session, {
      call: (kind: number, ...rest: [never, never]) => {
        if (kind === kinds.renew) messages++;
        return call(kind, ...rest);
      },
    });
  }
  const before = owner.peer.snapshot().files.map(({ leaseMs }) => leaseMs);
  await swarm.pass(minuteMs);
  expect(await swarm.settled(owner.peer.renew())).toEqual({ renewed: 100 });
  expect(messages).toBe(1);
  expect(owner.peer.snapshot().files.every(({ leaseMs }, i) => leaseMs > before[i]!)).toBe(true);
  expect(await swarm.settled(owner.peer.renew(fileOf(owner).id))).toEqual({ renewed: 1 });
  await expect(owner.peer.renew('0123456789abcdef')).rejects.toMatchObject({ code: 'not-found' });
});

test.each(['stale', 'auth', 'too-new', 'bad-input'] as const)(
  '[REQ-5] a holder that refuses to renew (%s) is asked again at the next look',
  async (code) => {
    const { holders, owner } = await stored({ count: 1, options: { policy } });
    const { links } = holders[0]!.peer.parts;
    let asked = 0;
    const refuse = async () => (asked++, Promise.reject(new ShoalError(code, 'no')));
    links.handle(kinds.renew, refuse);
    links.handle(kinds.recordPut, refuse);
    const { leaseMs } = fileOf(owner);
    expect(await swarm.settled(owner.peer.renew())).toEqual({ renewed: 0 });
    expect(fileOf(owner).leaseMs).toBe(leaseMs);
    await swarm.pass(18 * minuteMs);
    expect(asked).toBeGreaterThan(4);
  },
);

test('[LEASE-3] a claim that a holder made before the renewal confirms nothing', async () => {
  const { holders, owner } = await stored({ count: 1 });
  const [{ peer, node }] = holders as [SimulatedPeer];
  const { links, records } = peer.parts;
  const [recordKey] = await records.keys();
  const { signed } = (await records.local(recordKey!))!.heads[0]!.claims.get(node)!;
  links.handle(kinds.renew, async () => renewOk.write({ items: [{ claim: signed }] }));
  links.handle(kinds.recordPut, () => Promise.reject(new ShoalError('busy', 'not now')));
  const { leaseMs } = fileOf(owner);
  await swarm.pass(minuteMs);
  expect(await swarm.settled(owner.peer.renew())).toEqual({ renewed: 0 });
  expect(fileOf(owner).leaseMs).toBe(leaseMs);
});

test('[LEASE-6] a device whose clock is years ahead of its peers’ renews nothing, and says so', async () => {
  const { holders, owner } = await stored({ count: 2 });
  await owner.peer.stop();
  const ahead = await swarm.join(0, { again: owner, skew: { offsetMs: 3 * 365 * dayMs, driftPpm: 0, sinceMs: swarm.clock.now() } });
  await swarm.pass(10_000);
  const refused = { code: 'stale', message: expect.stringMatching(/^The clock of this device is far ahead/) };
  await expect(swarm.settled(ahead.peer.renew())).rejects.toMatchObject(refused);
  const [recordKey] = await holders[0]!.peer.parts.records.keys();
  expect((await holders[0]!.peer.parts.records.local(recordKey!))!.renewal).toBeUndefined();
});

test('[LEASE-3] what nobody heard of is not renewed', async () => {
  const { holders, owner } = await stored();
  await stopAll(holders);
  await swarm.pass(minuteMs);
  const { leaseMs } = fileOf(owner);
  expect(await swarm.settled(owner.peer.renew())).toEqual({ renewed: 0 });
  expect(fileOf(owner).leaseMs).toBe(leaseMs);
});

test('[LEASE-4] a holder lets go of one object, or of all, and says so: its owner sees it', async () => {
  const { holders, owner } = await stored({ files: 2 });
  const [holder] = holders as [SimulatedPeer];
  const [recordKey] = [...holder.values.get('record')!.keys()];
  const { shards, bytes } = await swarm.settled(holder.peer.letGo(recordKey!));
  expect(shards).toBe(1);
  expect(bytes).toBeGreaterThan(100);
  expect(await swarm.settled(holder.peer.letGo(recordKey!))).toEqual({ shards: 0, bytes: 0 });
  await swarm.pass(20_000);
  const file = owner.peer.snapshot().files.find(({ id }) => recordKey!.startsWith(id))!;
  expect(file.shards.filter((count) => count === 0)).toHaveLength(1);
  expect((await swarm.settled(holder.peer.letGo('all'))).shards).toBe(1);
  await swarm.pass(20_000);
  expect(owner.peer.snapshot().files.every(({ shards: each }) => each.includes(0))).toBe(true);
  expect(holder.peer.snapshot().self).toMatchObject({ shards: 0, used: 0 });
});
