import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../core/bytes/compare.ts';
import { referenceCoder } from '../../core/erasure/reference.ts';
import { merkleRoot } from '../../core/merkle/tree.ts';
import { webCrypto } from '../../platform/web-crypto.ts';
import type { ReadFile } from './plaintext.ts';
import { fileOf, jobOf, shapeOf, shardsOf } from './samples.contract.ts';
import { createSealer } from './sealer.ts';

const crypto = webCrypto(globalThis.crypto.subtle);
const code = (error: string) => ({ code: error });

/** A sealer over a file that the test may change under it. */
function sealerOf(size: number, k = 2, m = 1, read?: ReadFile) {
  const file = { bytes: fileOf(size) };
  const job = jobOf(size, k, m);
  const sealer = createSealer(job, read ?? (async (start, end) => file.bytes.subarray(start, end)), crypto, referenceCoder);
  return { file, job, sealer };
}

describe('sealing', () => {
  test('[SEAL-1] the second pass gives the shards whose roots the first pass promised', async () => {
    const { job, sealer } = sealerOf(1_200_000);
    const commitment = await sealer.commit(() => {});
    const [shards] = await shardsOf(sealer, shapeOf(job, commitment));
    for (const [shard, bytes] of shards!.entries()) {
      const leaves = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
        crypto.sha256(bytes.subarray(i * 65_536, (i + 1) * 65_536)),
      );
      const entries = new Uint8Array((await Promise.all(leaves)).flatMap((hash) => [...hash]));
      expect(merkleRoot(entries)).toEqual(commitment.roots.slice(32 * shard, 32 * shard + 32));
    }
  });

  test('[SEAL-1] blocks come in the order asked for, in buffers of their own', async () => {
    const { sealer } = sealerOf(5000);
    await sealer.commit(() => {});
    const [parity, first] = await sealer.stripe(0, [2, 0]);
    const [again] = await sealer.stripe(0, [0]);
    expect(again).toEqual(first);
    expect(first).not.toEqual(parity);
    for (const block of [parity!, first!, again!]) expect(block.buffer.byteLength).toBe(block.length);
  });

  test('[SEAL-1] blocks that were given back are written again where they have the length, before there are new ones', async () => {
    const { sealer } = sealerOf(1_200_000);
    await sealer.commit(() => {});
    const before = await sealer.stripe(0, [0, 2]);
    const first = before.map((block) => block.slice());
    const next = await sealer.stripe(0, [2, 0, 1], before);
    expect(next.map(({ buffer }) => buffer)).toEqual([before[0]!.buffer, before[1]!.buffer, expect.any(ArrayBuffer)]);
    expect([next[1], next[0]]).toEqual(first);
    const [last] = await sealer.stripe(2, [0], next);
    expect(next.every(({ buffer }) => buffer !== last!.buffer)).toBe(true);
  });

  test('[SEAL-1] progress rises to the size of the file', async () => {
    const { sealer } = sealerOf(1_200_000);
    const seen: number[] = [];
    await sealer.commit((bytes) => seen.push(bytes));
    expect(seen).toHaveLength(3);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1_200_000);
  });

  test('[SEAL-2] a file that changed after the first pass gives no block that differs, and still those that do not', async () => {
    const { file, sealer } = sealerOf(1_200_000);
    await sealer.commit(() => {});
    file.bytes[1_100_000]! ^= 1;
    await expect(sealer.stripe(0, [0, 1, 2])).resolves.toHaveLength(3);
    await expect(sealer.stripe(2, [0, 1, 2])).rejects.toMatchObject(code('integrity'));
  });

  test('[SEAL-2] a change in a chunk that straddles two stripes is caught in both', async () => {
    const { file, sealer } = sealerOf(1_200_000);
    await sealer.commit(() => {});
    // Stripe 0 ends at ciphertext byte 524,288, inside chunk 31, which begins at stream byte 507,904.
    file.bytes[508_000]! ^= 1;
    await expect(sealer.stripe(0, [1])).rejects.toMatchObject(code('integrity'));
    await expect(sealer.stripe(1, [0])).rejects.toMatchObject(code('integrity'));
  });

  test('[SEAL-2] a file that became shorter is caught in either pass', async () => {
    const { file, sealer } = sealerOf(5000);
    await sealer.commit(() => {});
    file.bytes = file.bytes.subarray(0, 4999);
    await expect(sealer.stripe(0, [0])).rejects.toMatchObject(code('integrity'));
    await expect(sealerOf(5000, 2, 1, async () => new Uint8Array(1)).sealer.commit(() => {})).rejects.toMatchObject(code('integrity'));
  });

  test('[SEAL-2] a file that can no longer be read has changed', async () => {
    const { sealer } = sealerOf(5000, 2, 1, async () => {
      throw new DOMException('permission problems', 'NotReadableError');
    });
    await expect(sealer.commit(() => {})).rejects.toMatchObject(code('integrity'));
  });

  test('[SEAL-3] reading is bounded: never more than two stripes at once', async () => {
    let reading = 0;
    let most = 0;
    const { sealer } = sealerOf(4_000_000, 1, 0, async (start, end) => {
      most = Math.max(most, ++reading);
      await Promise.resolve();
      reading--;
      return new Uint8Array(end - start);
    });
    await sealer.commit(() => {});
    expect(most).toBeLessThanOrEqual(2);
  });

  test('[GEO-4] a file too large for its descriptor is refused before a byte of it is read', async () => {
    const { sealer } = sealerOf(0, 1, 0);
    const job = { ...jobOf(0, 1, 0), file: { size: 2 ** 40 } };
    const reading = async (): Promise<Uint8Array> => {
      throw new Error('read');
    };
    await expect(createSealer(job, reading, crypto, referenceCoder).commit(() => {})).rejects.toMatchObject(code('too-large'));
    await expect(sealer.commit(() => {})).resolves.toBeDefined();
  });

  test('[SEAL-1] no stripe before the commitment, none outside the object', async () => {
    const { sealer } = sealerOf(5000);
    await expect(sealer.stripe(0, [0])).rejects.toMatchObject(code('internal'));
    await sealer.commit(() => {});
    for (const [stripe, shard] of [
      [1, 0],
      [-1, 0],
      [0, 3],
      [0, 0.5],
    ] as const) {
      await expect(sealer.stripe(stripe, [shard])).rejects.toMatchObject(code('internal'));
    }
  });

  test('[SEAL-6] a small file is not kept waiting by a large one on the same thread', async () => {
    const large = sealerOf(8_000_000, 1, 1);
    const small = sealerOf(600_000, 1, 1);
    let stripes = 0;
    const sealing = large.sealer.commit(() => (stripes += 1));
    await small.sealer.commit(() => {});
    // The small one has 3 of them, the large one 31.
    expect(stripes).toBeLessThan(15);
    large.sealer.close();
    await expect(sealing).rejects.toMatchObject(code('cancelled'));
  });

  test('[SEAL-6] after close nothing more is read: what was begun is a stripe or two', async () => {
    let read = 0;
    const { sealer } = sealerOf(4_000_000, 1, 0, async (start, end) => {
      read += end - start;
      return new Uint8Array(end - start);
    });
    let before = 0;
    const closing = sealer.commit(() => {
      before ||= read;
      sealer.close();
    });
    await expect(closing).rejects.toMatchObject(code('cancelled'));
    expect(before).toBeGreaterThan(0);
    expect(read).toBe(before);
  });

  test('[SEAL-1] stripes in any order are those of the order', async () => {
    const { sealer } = sealerOf(1_200_000, 2, 1);
    await sealer.commit(() => {});
    const all = [0, 1, 2];
    const known: Uint8Array[][] = [];
    for (const stripe of [0, 1, 2]) known.push(await sealer.stripe(stripe, all));
    const isKnown = (blocks: Uint8Array[], stripe: number): boolean => blocks.every((block, i) => equalBytes(block, known[stripe]![i]!));
    for (const stripe of [2, 0, 0, 1, 2, 1]) expect(isKnown(await sealer.stripe(stripe, all), stripe)).toBe(true);
    // Also where the next is asked for before there is an answer.
    const asked = [1, 2, 0, 1];
    const given = await Promise.all(asked.map((stripe) => sealer.stripe(stripe, all)));
    expect(given.every((blocks, i) => isKnown(blocks, asked[i]!))).toBe(true);
  });

  test('[SEAL-1] what was read into is read into again, and no chunk of stripes in order is read twice', async () => {
    const bytes = fileOf(4_000_000);
    let read = 0;
    let anew = 0;
    const { sealer } = sealerOf(bytes.length, 2, 0, async (start, end, spare) => {
      read += end - start;
      if (spare === undefined) anew += 1;
      return bytes.slice(start, end);
    });
    await sealer.commit(() => {});
    expect(read).toBe(bytes.length);
    // Two stripes are in work at once; what is joined to head or padding is read apart.
    expect(anew).toBeLessThanOrEqual(4);
  });

  test('[SEAL-3] after close everything is cancelled, what is under way too', async () => {
    const { sealer } = sealerOf(1_200_000);
    const running = sealer.commit(() => sealer.close());
    await expect(running).rejects.toMatchObject(code('cancelled'));
    await expect(sealer.commit(() => {})).rejects.toMatchObject(code('cancelled'));
    await expect(sealer.stripe(0, [0])).rejects.toMatchObject(code('cancelled'));
  });
});
