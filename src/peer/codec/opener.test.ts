import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { referenceCoder } from '../../core/erasure/reference.ts';
import { sealedRange } from '../../core/crypto/chunks.ts';
import { bandsOf, placeOf, stripesOf } from '../../core/object/bands.ts';
import { excerptOf, type FilePart } from '../../core/object/excerpt.ts';
import type { Geometry } from '../../core/object/geometry.ts';
import { webCrypto } from '../../platform/web-crypto.ts';
import type { LeafRange, Opener } from '../ports.ts';
import { createOpener } from './opener.ts';
import { fileOf, jobOf, keys, leavesOf, shapeOf, shardsOf, signedDescriptor } from './samples.contract.ts';
import { createSealer } from './sealer.ts';

const crypto = webCrypto(globalThis.crypto.subtle);
const code = (error: string) => ({ code: error });

interface Stored {
  readonly file: Uint8Array;
  readonly descriptor: Uint8Array;
  readonly shape: Geometry;
  readonly shards: readonly (readonly Uint8Array[])[];
}

/** A sealed, signed and uploaded file. */
async function stored(size: number, k: number, m: number): Promise<Stored> {
  const file = fileOf(size);
  const job = jobOf(size, k, m);
  const sealer = createSealer(job, async (start, end) => file.subarray(start, end), crypto, referenceCoder);
  const commitment = await sealer.commit(() => {});
  const shape = shapeOf(job, commitment);
  return { file, descriptor: await signedDescriptor(job, commitment, crypto), shape, shards: await shardsOf(sealer, shape) };
}

const openerOf = ({ descriptor }: Stored, readKey = keys.readKey): Opener => createOpener({ descriptor, readKey }, crypto, referenceCoder);

/** The leaves of one block. */
function block({ shards, shape }: Stored, stripe: number, shard: number): LeafRange {
  return leavesOf(shards, Math.floor(stripe / 32), shard, (stripe % 32) * 4, Math.ceil(shape.blockLength(stripe) / 65_536));
}

const header = { name: 'a.bin', media: 'b/c', size: 0, mtime: 5 };

/** An opener that has read the head and begun all of the file, or a part of it. */
async function begun(from: Stored, part?: FilePart): Promise<Opener> {
  const opener = openerOf(from);
  for (const shard of [0, 1]) await opener.add(leavesOf(from.shards, 0, shard, 0, 1));
  expect((await opener.next()).length).toBe(0);
  await opener.begin(excerptOf({ ...header, size: from.file.length }, part));
  return opener;
}

/** Three stripes of 2+2, the last one short. */
const object = await stored(1_200_000, 2, 2);
/** One leaf to a shard. */
const small = await stored(5000, 2, 2);

describe('opening', () => {
  test('[OPEN-7] an answer that is given back is the memory of the next', async () => {
    const opener = await begun(object);
    const opened: Uint8Array[] = [];
    const buffers = new Set<ArrayBufferLike>();
    let spare: Uint8Array | undefined;
    for (let stripe = 0; stripe < object.shape.stripes; stripe++) {
      for (const shard of [1, 2]) await opener.add(block(object, stripe, shard));
      spare = await opener.next(spare);
      buffers.add(spare.buffer);
      opened.push(spare.slice());
    }
    expect(equalBytes(concatBytes(...opened), object.file)).toBe(true);
    expect(buffers.size).toBe(1);
  });

  test('[OPEN-6] any k blocks of each stripe give the file, each stripe from others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2, maxLength: 2 }), { minLength: 3, maxLength: 3 }),
        async (chosen) => {
          const opener = await begun(object);
          const parts: Uint8Array[] = [];
          for (const [stripe, shards] of chosen.entries()) {
            for (const shard of shards) expect(await opener.add(block(object, stripe, shard))).toBe(true);
            parts.push(await opener.next());
          }
          expect(equalBytes(concatBytes(...parts), object.file)).toBe(true);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('[OPEN-8] any part opens from the leaves of its bands alone, or from the same leaves of any k shards', async () => {
    const size = object.file.length;
    const anyPart = fc
      .nat({ max: size - 1 })
      .chain((offset) => fc.record({ offset: fc.constant(offset), length: fc.integer({ min: 1, max: size - offset }) }));
    await fc.assert(
      fc.asyncProperty(anyPart, fc.subarray([0, 1, 2, 3], { maxLength: 2 }), async (part, lost) => {
        const opener = await begun(object, part);
        const range = sealedRange(excerptOf({ ...header, size }, part).chunks, object.shape.ciphertextLength);
        const { first, end } = stripesOf(object.shape, range);
        const parts: Uint8Array[] = [];
        for (let stripe = first; stripe < end; stripe++) {
          for (const band of bandsOf(object.shape, stripe, range)) {
            const place = placeOf(object.shape, band);
            const read = band.wanted.some((shard) => lost.includes(shard))
              ? [0, 1, 2, 3].filter((shard) => !lost.includes(shard))
              : band.wanted;
            for (const shard of read) await opener.add(leavesOf(object.shards, place.segment, shard, place.first, place.count));
          }
          parts.push(await opener.next());
        }
        expect(equalBytes(concatBytes(...parts), object.file.subarray(part.offset, part.offset + part.length))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('[OPEN-8] the head comes before any other part', async () => {
    const opener = openerOf(object);
    await expect(opener.begin(excerptOf({ ...header, size: 10 }, undefined))).rejects.toMatchObject(code('internal'));
  });

  test('[OPEN-5] leaves may come one by one, in any order, twice, or many blocks at once', async () => {
    const opener = await begun(object);
    expect(await opener.add(leavesOf(object.shards, 0, 3, 0, object.shape.leaves(0)))).toBe(true);
    for (const leaf of [6, 1, 9, 3, 0, 2, 1, 5, 4, 8, 7]) expect(await opener.add(leavesOf(object.shards, 0, 1, leaf, 1))).toBe(true);
    const file = concatBytes(await opener.next(), await opener.next(), await opener.next());
    expect(equalBytes(file, object.file)).toBe(true);
  });

  test('[OPEN-5] wrong bytes are told from right ones, whatever is wrong with them', async () => {
    const opener = openerOf(object);
    const good = block(object, 0, 1);
    const changed = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const wrong: LeafRange[] = [
      { ...good, bytes: changed(good.bytes, 0) },
      { ...good, bytes: changed(good.bytes, good.bytes.length - 1) },
      { ...good, bytes: good.bytes.subarray(0, -1) },
      { ...good, bytes: good.bytes.subarray(0, 65_536) },
      { ...good, bytes: new Uint8Array(0) },
      { ...good, bytes: new Uint8Array(10_000_000) },
      { ...good, proof: changed(good.proof, 0) },
      { ...good, proof: new Uint8Array(0) },
      { ...good, shard: 0 },
      { ...good, shard: 4 },
      { ...good, segment: 1 },
      { ...good, first: 1 },
      { ...good, first: -1 },
      { ...good, first: Number.NaN },
    ];
    for (const leaves of wrong) expect(await opener.add(leaves)).toBe(false);
    expect(await opener.add(good)).toBe(true);
  });

  test('[OPEN-6] too few leaves are not enough, until the missing leaf comes', async () => {
    const opener = await begun(object);
    await opener.add(block(object, 0, 0));
    await opener.add(leavesOf(object.shards, 0, 2, 0, 3));
    await expect(opener.next()).rejects.toMatchObject(code('not-enough-shards'));
    await opener.add(leavesOf(object.shards, 0, 2, 3, 1));
    const first = await opener.next();
    expect(first.length).toBeGreaterThan(500_000);
    expect(equalBytes(first, object.file.subarray(0, first.length))).toBe(true);
  });

  test('[OPEN-4] the header comes with the first chunk', async () => {
    const opener = openerOf(small);
    const promised = opener.header();
    for (const shard of [1, 3]) await opener.add(block(small, 0, shard));
    await opener.next();
    expect(await promised).toEqual({ ...header, size: 5000 });
    expect(await opener.header()).toEqual(await promised);
  });

  test('[OPEN-1] under another read key nothing opens, and the opener stays failed', async () => {
    const opener = openerOf(small, new Uint8Array(32));
    for (const shard of [0, 1]) expect(await opener.add(block(small, 0, shard))).toBe(true);
    await expect(opener.next()).rejects.toMatchObject(code('integrity'));
    await expect(opener.next()).rejects.toMatchObject(code('integrity'));
    await expect(opener.header()).rejects.toMatchObject(code('integrity'));
    await expect(opener.add(block(small, 0, 2))).rejects.toMatchObject(code('integrity'));
  });

  test('[OPEN-6] calls of next that overlap give the stripes in order', async () => {
    const opener = await begun(object);
    for (const stripe of [2, 0, 1]) for (const shard of [0, 3]) await opener.add(block(object, stripe, shard));
    const parts = await Promise.all([opener.next(), opener.next(), opener.next()]);
    expect(equalBytes(concatBytes(...parts), object.file)).toBe(true);
    await expect(opener.next()).rejects.toMatchObject(code('internal'));
  });

  test('[OPEN-7] after close everything is cancelled', async () => {
    const opener = openerOf(small);
    const promised = opener.header();
    opener.close();
    await expect(promised).rejects.toMatchObject(code('cancelled'));
    await expect(opener.next()).rejects.toMatchObject(code('cancelled'));
    await expect(opener.add(block(small, 0, 0))).rejects.toMatchObject(code('cancelled'));
    await expect(opener.begin(excerptOf({ ...header, size: 5000 }, undefined))).rejects.toMatchObject(code('cancelled'));
  });

  test('[DESC-4] nothing is opened by a descriptor that is none', () => {
    expect(() => createOpener({ descriptor: new Uint8Array(9), readKey: keys.readKey }, crypto, referenceCoder)).toThrow(
      expect.objectContaining(code('bad-input')),
    );
  });
});
