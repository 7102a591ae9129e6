import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { simulated } from '../../test/simulated.ts';
import { kinds, recordGetBody } from '../core/wire/kinds.ts';
import { type Meter, metered } from '../peer/metered.ts';
import type { Clock } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer } from './swarm.ts';

/** Adds up what it is told. */
function counting() {
  const bytes = new Map<string, number>();
  const requests = new Map<string, number[]>();
  const meter: Meter = {
    bytes: (direction, reason, count) => void bytes.set(`${direction} ${reason}`, (bytes.get(`${direction} ${reason}`) ?? 0) + count),
    request(kind, side, outcome, ms) {
      const key = `${side} ${kind} ${outcome}`;
      requests.set(key, [...(requests.get(key) ?? []), ms]);
    },
  };
  return { meter: (clock: Clock) => metered(clock, meter), bytes, requests };
}

test('[METER-1] every byte of a link is counted once, by what it was for', async () => {
  const swarm = simulated('metered');
  const [holder, owner] = [counting(), counting()];
  const keeps = await swarm.join(100_000_000, { options: { meter: holder.meter(swarm.clock) } });
  const owns = await swarm.join(0, { options: { meter: owner.meter(swarm.clock) } });
  await swarm.pass(5_000);
  owns.peer.drop(memoryFile('counted.bin', seededRandom('counted').bytes(300_000)));
  await swarm.until(() => owns.peer.snapshot().files[0]!.state === 'stored');
  const stored = holder.bytes.get('received store')!;
  expect(stored).toBeGreaterThan(300_000);
  expect(stored).toBeLessThan(340_000);
  expect(owner.bytes.get('sent store')).toBe(stored);
  // What goes back is credit.
  expect(holder.bytes.get('sent store')).toBeLessThan(1_000);
  const sum = ({ bytes }: typeof holder, direction: string): number =>
    [...bytes].filter(([key]) => key.startsWith(direction)).reduce((all, [, count]) => all + count, 0);
  const { sent, received } = owns.peer.snapshot().peers.find(({ node }) => node === keeps.node)!;
  expect([sum(owner, 'sent'), sum(owner, 'received')]).toEqual([sent, received]);
  expect([...owner.bytes.keys()].sort()).toEqual(['received control', 'received store', 'sent control', 'sent store']);
});

test('[METER-2] every request is counted once on each side, with its kind, its end and its time', async () => {
  const swarm = simulated('metered');
  const { meter, requests } = counting();
  const holder = await swarm.join(100_000_000, { options: { meter: meter(swarm.clock) } });
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  owner.peer.drop(memoryFile('counted.bin', seededRandom('counted').bytes(300_000)));
  await swarm.until(() => owner.peer.snapshot().files[0]!.state === 'stored');
  expect(requests.get('served store ok')).toHaveLength(1);
  expect(requests.get('served store ok')![0]).toBeGreaterThan(20);

  const raw = await swarm.joinRaw();
  const ask = (kind: number) => swarm.settled(raw.session(holder.node).call(kind, new Map(), { deadlineMs: 5_000 }).result);
  await expect(ask(99)).rejects.toMatchObject({ code: 'too-new' });
  await expect(ask(kinds.read)).rejects.toMatchObject({ code: 'bad-input' });
  expect(requests.get('served other too-new')).toEqual([0]);
  expect(requests.get('served read bad-input')).toHaveLength(1);

  raw.links.handle(kinds.recordGet, () => new Promise(() => {}));
  const session = holder.peer.parts.links.session(raw.node)!;
  const body = recordGetBody.write({ recordKey: new Uint8Array(32) });
  const late = session.call(kinds.recordGet, body, { deadlineMs: 3_000 });
  const given = session.call(kinds.recordGet, body, { deadlineMs: 9_000 });
  given.cancel();
  await expect(swarm.settled(late.result)).rejects.toMatchObject({ code: 'timeout' });
  await drain();
  expect(requests.get('asked recordGet timeout')).toEqual([3_000]);
  expect(requests.get('asked recordGet cancelled')).toEqual([0]);
});
