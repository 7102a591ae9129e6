import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { ShoalError } from '../core/errors.ts';
import { deferred } from '../peer/links/deferred.ts';
import type { Codec } from '../peer/ports.ts';
import { largeFileBytes } from '../peer/turns.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { memoryFile } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

const capacity = 100_000_000;

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('many');
});

const drop = ({ peer }: SimulatedPeer, name: string, size: number) => peer.drop(memoryFile(name, seededRandom(name).bytes(size)));
const fileOf = ({ peer }: SimulatedPeer, id: string) => peer.snapshot().files.find((file) => file.id === id)!;
const statesOf = (owner: SimulatedPeer, ids: readonly string[]) => ids.map((id) => fileOf(owner, id).state);

/** A codec that counts the sealers that are open. */
const counting = () => {
  const count = { open: 0, most: 0, made: 0 };
  const codec = (inner: Codec): Codec => ({
    ...inner,
    async seal(job) {
      const sealer = await inner.seal(job);
      count.made++;
      count.most = Math.max(count.most, ++count.open);
      let closed = false;
      return {
        ...sealer,
        close() {
          if (!closed) count.open--;
          closed = true;
          sealer.close();
        },
      };
    },
  });
  return { count, codec };
};

test('[UP-9] three hundred dropped files are sealed a few at a time, the others wait and cost nothing; cancelling one that waits is immediate', async () => {
  const { count, codec } = counting();
  const lonely = await swarm.join(0, { around: (ports) => ({ ...ports, codec: codec(ports.codec) }) });
  const ids = Array.from({ length: 300 }, (_, i) => lonely.peer.drop(memoryFile(`${i}.bin`, new Uint8Array(10))));
  await swarm.pass(5_000);
  const states = () => lonely.peer.snapshot().files.map(({ state }) => state);
  expect(states().filter((state) => state === 'waiting')).toHaveLength(4);
  expect(states().filter((state) => state === 'queued')).toHaveLength(296);
  expect(count.made).toBe(0);
  for (const id of ids.slice(10)) lonely.peer.cancel(id);
  await swarm.pass(100);
  expect(states().filter((state) => state === 'cancelled')).toHaveLength(290);
  for (const id of ids.slice(10)) lonely.peer.cancel(id);

  await swarm.joinMany(3, capacity);
  await swarm.until(() => states().every((state) => state === 'stored'));
  expect(count).toEqual({ open: 0, most: 4, made: 10 });
});

test('[UP-9] a small file does not wait for the large ones before it, and a large one takes the turn of one that was given up', async () => {
  await swarm.joinMany(3, capacity);
  /** Large files never get through their first pass. */
  const codec = (inner: Codec): Codec => ({
    ...inner,
    async seal(job) {
      const sealer = await inner.seal(job);
      if (job.file.size <= largeFileBytes) return sealer;
      const ended = deferred<never>();
      return { ...sealer, commit: () => ended.promise, close: () => ended.reject(new ShoalError('cancelled', 'closed')) };
    },
  });
  const owner = await swarm.join(0, { around: (ports) => ({ ...ports, codec: codec(ports.codec) }) });
  const bytes = new Uint8Array(largeFileBytes + 1);
  const large = [0, 1, 2, 3, 4].map((i) => owner.peer.drop(memoryFile(`large ${i}`, bytes)));
  const small = ['a', 'b', 'c', 'd'].map((name) => drop(owner, name, 1_000));
  await swarm.until(() => statesOf(owner, small).every((state) => state === 'stored'), 60_000);
  expect(statesOf(owner, large)).toEqual(['sealing', 'sealing', 'sealing', 'queued', 'queued']);
  owner.peer.cancel(large[1]!);
  await swarm.pass(1_000);
  expect(statesOf(owner, large)).toEqual(['sealing', 'cancelled', 'sealing', 'sealing', 'queued']);
});

test('[UP-9] a file that nobody has room for gives its turn to smaller ones while it waits, and takes it again when somebody comes', async () => {
  // Room for 90 kB at each: the shards of a file of 600 kB are larger, those of the small ones are not.
  await swarm.joinMany(3, 100_000);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const large = [0, 1, 2, 3, 4].map((i) => drop(owner, `large ${i}`, 600_000));
  const small = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => drop(owner, name, 2_000));
  await swarm.until(() => statesOf(owner, small).every((state) => state === 'stored'), 30_000);
  // The fifth is as large as those that wait, and nothing of it is read.
  expect(statesOf(owner, large)).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'queued']);
  await swarm.joinMany(3, capacity);
  await swarm.until(() => statesOf(owner, large).every((state) => state === 'stored'), 60_000);
});

test('[SEND-1, UP-9] files that are sent at the same time share the way: of four equal ones the first takes more than half as long as all', async () => {
  swarm = simulated('fair', { bytesPerSecond: 200_000 });
  await swarm.joinMany(3, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const startedMs = swarm.clock.now();
  const ids = ['a', 'b', 'c', 'd'].map((name) => drop(owner, name, 900_000));
  const tookMs: number[] = [];
  for (const count of [1, 2, 3, 4]) {
    await swarm.until(() => statesOf(owner, ids).filter((state) => state === 'stored').length >= count);
    tookMs.push(swarm.clock.now() - startedMs);
  }
  expect(tookMs[0]).toBeGreaterThan(tookMs[3]! / 2);
});

test('[SEND-1, UP-9] a small file is not held up by a large one on the same links', async () => {
  swarm = simulated('fair', { bytesPerSecond: 100_000 });
  await swarm.joinMany(3, capacity);
  const [owner] = (await swarm.joinMany(1, 0)) as [SimulatedPeer];
  const large = drop(owner, 'large', 8_000_000);
  await swarm.until(() => fileOf(owner, large).bytesStored > 0);
  const small = drop(owner, 'small', 10_000);
  await swarm.until(() => fileOf(owner, small).state === 'stored', 10_000);
  expect(fileOf(owner, large).bytesStored).toBeLessThan(fileOf(owner, large).bytesTotal / 2);
});
