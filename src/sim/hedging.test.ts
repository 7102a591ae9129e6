import { beforeEach, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import { sealObject } from './sealed-object.ts';
import { type HolderManner, serveObject, type ServedObject } from './served-object.ts';
import { memorySink } from './memory-file.ts';
import type { SimulatedSwarm } from './swarm.ts';

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('hedging');
});

/** Downloads six stripes in 2+2 shards; gives how long that took after the link was open, ms, and what was asked of whom. */
async function downloaded(manners: Record<number, HolderManner>): Promise<{ tookMs: number; served: ServedObject }> {
  const object = await sealObject(swarm.crypto, { seed: 'hedged', size: 3_000_000, k: 2, m: 2, nowMs: swarm.clock.now() });
  const served = await serveObject(swarm, object, manners);
  const { reader, id } = await served.open();
  const sink = memorySink();
  const startedMs = swarm.clock.now();
  await swarm.settled(reader.peer.download(id, sink));
  expect(equalBytes(concatBytes(...sink.parts), object.bytes)).toBe(true);
  expect(reader.peer.snapshot().peers.flatMap(({ verdicts }) => verdicts)).toEqual([]);
  return { tookMs: swarm.clock.now() - startedMs, served };
}

test('[READ-9] with a slow holder a download takes about as long as without it', async () => {
  const { tookMs } = await downloaded({});
  const slow = await downloaded({ 1: { delayMs: 12_000 } });
  expect(slow.tookMs).toBeLessThan(tookMs + 1_500);
  // It was asked for the stripes fetched ahead when it turned out slow, and no more; nobody waited for its answers.
  expect(slow.served.reads[1]).toBeLessThanOrEqual(3);
  expect(slow.served.cancelled()).toBe(slow.served.reads[1]);
});

test('[READ-9] with two slow holders too', async () => {
  const { tookMs } = await downloaded({});
  const slow = await downloaded({ 0: { delayMs: 12_000 }, 1: { delayMs: 12_000 } });
  expect(slow.tookMs).toBeLessThan(tookMs + 3_000);
});

test('[READ-9] a slow holder that is needed is waited for', async () => {
  const { tookMs } = await downloaded({ 0: { delayMs: 5_000 }, 2: { gone: true }, 3: { gone: true } });
  expect(tookMs).toBeGreaterThan(5_000);
});

test('[READ-9] where all are slow alike, hedging ends as soon as that is known', async () => {
  const everyone = Object.fromEntries([0, 1, 2, 3].map((shard) => [shard, { delayMs: 2_000 }]));
  const { served } = await downloaded(everyone);
  const reads = served.reads.reduce((sum, count) => sum + count, 0);
  // The head's first read is hedged by two; after it two for each of six stripes are enough, and one for the odd row of the last.
  expect(reads).toBeLessThanOrEqual(1 + 2 + 2 * 6 + 1);
});

test('[READ-5] cancelling ends every read at once, hedged ones too, and another download can begin', async () => {
  const object = await sealObject(swarm.crypto, { seed: 'cancel', size: 1_200_000, k: 2, m: 2, nowMs: swarm.clock.now() });
  const slow = Object.fromEntries([1, 2, 3].map((shard) => [shard, { delayMs: 8_000 }]));
  const served = await serveObject(swarm, object, slow);
  const { reader, id } = await served.open();
  const sink = memorySink();
  const first = reader.peer.download(id, sink);
  first.catch(() => {});
  await swarm.pass(2_500);
  const asked = served.reads[1]! + served.reads[2]! + served.reads[3]!;
  expect(asked).toBeGreaterThan(3);
  reader.peer.cancelReceive(id);
  await expect(swarm.settled(first, 0)).rejects.toMatchObject({ code: 'cancelled' });
  await swarm.pass(500);
  expect(served.cancelled()).toBe(asked);
  const again = memorySink();
  await swarm.settled(reader.peer.download(id, again));
  expect(equalBytes(concatBytes(...again.parts), object.bytes)).toBe(true);
});
