import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { simulated } from '../../test/simulated.ts';
import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import type { FilePart } from '../core/object/excerpt.ts';
import { sealObject } from './sealed-object.ts';
import { serveObject, type ServedObject } from './served-object.ts';
import { memorySink } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

let swarm: SimulatedSwarm;
beforeEach(() => {
  swarm = simulated('parts');
});

const leaf = 65_536;

async function read(reader: SimulatedPeer, id: string, part?: FilePart): Promise<Uint8Array> {
  const sink = memorySink();
  await swarm.settled(reader.peer.download(id, sink, part));
  expect(sink.state()).toBe('closed');
  return concatBytes(...sink.parts);
}

/** Begins of parts and their lengths, at and around every border that there is. */
const partOf = (size: number): fc.Arbitrary<FilePart> =>
  fc
    .nat({ max: size - 1 })
    .chain((offset) => fc.record({ offset: fc.constant(offset), length: fc.integer({ min: 1, max: size - offset }) }));

describe.each([
  [5_000, 1, 1],
  [300_000, 2, 2],
  [1_300_000, 2, 2],
  [1_300_000, 3, 2],
])('[READ-8] a file of %i bytes in %i+%i shards', (size, k, m) => {
  test.each([
    ['every holder', []],
    ['a data holder missing', [0]],
    ['as many missing as may be', Array.from({ length: m }, (_, i) => k - 1 - i).filter((shard) => shard >= 0)],
  ] as const)('[READ-8] any part of it equals that part, with %s', async (_, missing) => {
    const object = await sealObject(swarm.crypto, { seed: `${size}`, size, k, m, nowMs: swarm.clock.now() });
    const served = await serveObject(swarm, object, Object.fromEntries(missing.map((shard) => [shard, { gone: true }])));
    const { reader, id } = await served.open();
    // What opening costs is one leaf of each shard at most, and one in all where every data shard is there.
    expect(served.bytesSent()).toBeLessThanOrEqual(missing.length === 0 ? leaf : k * leaf);
    await fc.assert(
      fc.asyncProperty(partOf(size), async (part) => {
        const before = served.bytesSent();
        const bytes = await read(reader, id, part);
        expect(equalBytes(bytes, object.bytes.subarray(part.offset, part.offset + part.length))).toBe(true);
        expect(served.bytesSent() - before).toBeLessThanOrEqual(mostBytes(part, served, missing.length === 0));
      }),
      { numRuns: 8 },
    );
    expect(equalBytes(await read(reader, id), object.bytes)).toBe(true);
  });
});

/** The leaf of the head, the chunks of the part, a leaf begun at each end of it and at each end of a block; k times that with one missing. */
function mostBytes({ length }: FilePart, { object }: ServedObject, all: boolean): number {
  const { k } = object.descriptor;
  const chunks = length * (16_400 / 16_384) + 2 * 16_400 + 56;
  return all ? leaf + chunks + 2 * leaf : k * (leaf + chunks + 2 * leaf);
}

test('[READ-8] 100 kB in the middle of a file cost at most four leaves, and its opening one', async () => {
  const object = await sealObject(swarm.crypto, { seed: 'middle', size: 2_500_000, k: 4, m: 2, nowMs: swarm.clock.now() });
  const served = await serveObject(swarm, object);
  const { reader, id } = await served.open();
  expect(served.bytesSent()).toBe(leaf);
  const part = { offset: 1_234_567, length: 100_000 };
  expect(equalBytes(await read(reader, id, part), object.bytes.subarray(1_234_567, 1_334_567))).toBe(true);
  expect(served.bytesSent()).toBeLessThanOrEqual(5 * leaf);
  expect(reader.peer.snapshot().receives[0]).toMatchObject({ state: 'done', bytesDone: 100_000, bytesWanted: 100_000 });
});

test('[READ-8] a part that the file does not have is refused, and nothing else changes', async () => {
  const object = await sealObject(swarm.crypto, { seed: 'bounds', size: 5_000, k: 1, m: 0, nowMs: swarm.clock.now() });
  const served = await serveObject(swarm, object);
  const { reader, id } = await served.open();
  for (const part of [
    { offset: 5_000, length: 1 },
    { offset: 4_999, length: 2 },
    { offset: -1, length: 1 },
    { offset: 0, length: 0 },
    { offset: 0, length: -1 },
  ]) {
    const sink = memorySink();
    await expect(reader.peer.download(id, sink, part)).rejects.toMatchObject({ code: 'bad-input' });
    expect(sink.state()).toBe('aborted');
    expect(reader.peer.snapshot().receives[0]!.state).toBe('ready');
  }
  expect(equalBytes(await read(reader, id, { offset: 4_999, length: 1 }), object.bytes.subarray(4_999))).toBe(true);
});

test('[READ-8] an empty file is read whole, and has no part', async () => {
  const object = await sealObject(swarm.crypto, { seed: 'empty', size: 0, k: 1, m: 0, nowMs: swarm.clock.now() });
  const { reader, id } = await (await serveObject(swarm, object)).open();
  expect((await read(reader, id)).length).toBe(0);
  await expect(reader.peer.download(id, memorySink(), { offset: 0, length: 1 })).rejects.toMatchObject({ code: 'bad-input' });
});

test('[READ-8] a sink that cannot take so many bytes is told so before any is fetched', async () => {
  const object = await sealObject(swarm.crypto, { seed: 'sink', size: 300_000, k: 1, m: 0, nowMs: swarm.clock.now() });
  const served = await serveObject(swarm, object);
  const { reader, id } = await served.open();
  const before = served.bytesSent();
  const told: number[] = [];
  const sink = { ...memorySink(), begin: async (length: number) => void told.push(length) };
  await swarm.settled(reader.peer.download(id, sink, { offset: 7, length: 9 }));
  await expect(
    swarm.settled(reader.peer.download(id, { ...sink, begin: async () => Promise.reject(new Error('no room')) })),
  ).rejects.toThrow('no room');
  expect(told).toEqual([9]);
  expect(served.bytesSent() - before).toBeLessThanOrEqual(3 * leaf);
});
