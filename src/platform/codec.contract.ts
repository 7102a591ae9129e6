import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import { sealedRange } from '../core/crypto/chunks.ts';
import { bandsOf, placeOf, stripesOf } from '../core/object/bands.ts';
import { excerptOf, type FilePart, headExcerpt } from '../core/object/excerpt.ts';
import type { Geometry } from '../core/object/geometry.ts';
import { fileOf, jobOf, keys, leavesOf, shapeOf, shardsOf, signedDescriptor } from '../peer/codec/samples.contract.ts';
import type { Codec, Crypto, FileHandle, Opener, PlainHeader } from '../peer/ports.ts';

/** What every Codec does, wherever its work runs. */
export function codecContract(
  name: string,
  create: () => Codec,
  crypto: Crypto,
  handleOf: (bytes: Uint8Array<ArrayBuffer>) => FileHandle,
): void {
  describe(`codec contract: ${name}`, () => {
    const size = 700_000;
    const file = new Uint8Array(fileOf(size));
    const openers: Opener[] = [];
    let codec: Codec;
    let shape: Geometry;
    let shards: readonly (readonly Uint8Array[])[];
    let descriptor: Uint8Array;

    beforeAll(async () => {
      codec = create();
      const job = { ...jobOf(size, 2, 2), file: handleOf(file) };
      const sealer = await codec.seal(job);
      const told: number[] = [];
      const commitment = await sealer.commit((bytes) => told.push(bytes));
      expect(told.at(-1)).toBe(size);
      shape = shapeOf(job, commitment);
      shards = await shardsOf(sealer, shape);
      descriptor = await signedDescriptor(job, commitment, crypto);
      sealer.close();
    });
    afterEach(() => {
      for (const opener of openers.splice(0)) opener.close();
    });

    const open = async (readKey = keys.readKey): Promise<Opener> => {
      const opener = await codec.open({ descriptor, readKey });
      openers.push(opener);
      return opener;
    };

    /** Reads what was begun, without the shards that are lost. */
    const read = async (opener: Opener, { chunks }: { chunks: { first: number; end: number } }, lost: readonly number[]) => {
      const range = sealedRange(chunks, shape.ciphertextLength);
      const { first, end } = stripesOf(shape, range);
      const parts: Uint8Array[] = [];
      for (let stripe = first; stripe < end; stripe++) {
        for (const band of bandsOf(shape, stripe, range)) {
          const { segment, first: leaf, count } = placeOf(shape, band);
          const all = [0, 1, 2, 3].filter((shard) => !lost.includes(shard));
          const asked = band.wanted.every((shard) => all.includes(shard)) ? band.wanted : all;
          for (const shard of asked) expect(await opener.add(leavesOf(shards, segment, shard, leaf, count))).toBe(true);
        }
        parts.push(await opener.next());
      }
      return concatBytes(...parts);
    };
    const header: PlainHeader = { name: 'a.bin', media: 'b/c', size, mtime: 5 };

    test.each([
      ['all of the file', undefined, []],
      ['all of the file without two shards', undefined, [0, 3]],
      ['a part of it', { offset: 123_456, length: 300_000 }, []],
      ['a part of it without a data shard', { offset: 400_000, length: 200_000 }, [1]],
      ['its last byte', { offset: size - 1, length: 1 }, []],
    ] as const)('[OPEN-8] opens %s', async (_, part: FilePart | undefined, lost) => {
      const opener = await open();
      expect((await read(opener, headExcerpt, lost)).length).toBe(0);
      expect(await opener.header()).toEqual(header);
      const excerpt = excerptOf(header, part);
      await opener.begin(excerpt);
      const { offset, length } = part ?? { offset: 0, length: size };
      expect(equalBytes(await read(opener, excerpt, lost), file.subarray(offset, offset + length))).toBe(true);
    });

    test('[OPEN-5] wrong leaves are told by their being refused', async () => {
      const opener = await open();
      const good = leavesOf(shards, 0, 0, 0, 1);
      expect(await opener.add({ ...good, bytes: good.bytes.map((byte) => byte ^ 1) })).toBe(false);
      expect(await opener.add(good)).toBe(true);
    });

    test('[OPEN-1] under another read key it throws integrity, and goes on throwing it', async () => {
      const opener = await open(new Uint8Array(32));
      await opener.add(leavesOf(shards, 0, 0, 0, 1));
      await expect(opener.next()).rejects.toMatchObject({ name: 'shoal:integrity' });
      await expect(opener.begin(excerptOf(header, undefined))).rejects.toMatchObject({ name: 'shoal:integrity' });
    });

    test('[OPEN-6] too few leaves are not-enough-shards, and end nothing', async () => {
      const opener = await open();
      await expect(opener.next()).rejects.toMatchObject({ name: 'shoal:not-enough-shards' });
      await opener.add(leavesOf(shards, 0, 0, 0, 1));
      await opener.next();
    });

    test('[OPEN-7] after close everything is cancelled', async () => {
      const opener = await open();
      opener.close();
      await expect(opener.next()).rejects.toMatchObject({ name: 'shoal:cancelled' });
      await expect(opener.begin(headExcerpt)).rejects.toMatchObject({ name: 'shoal:cancelled' });
    });
  });
}
