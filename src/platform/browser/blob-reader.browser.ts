import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../core/bytes/compare.ts';
import { fileOf } from '../../peer/codec/samples.contract.ts';
import { blobReader } from './blob-reader.ts';

const bytes = new Uint8Array(fileOf(3_000_000));

const isPart = (read: Uint8Array, start: number, end: number): boolean => equalBytes(read, bytes.subarray(start, end));

/** A file that counts the streams that were begun. */
class CountedFile extends File {
  streams = 0;
  override slice(...range: [number?, number?, string?]): Blob {
    this.streams += 1;
    return super.slice(...range);
  }
}

describe('reading a dropped file', () => {
  test('[SEAL-7] pieces one after another are one stream, and a jump begins another', async () => {
    const file = new CountedFile([bytes], 'a.bin');
    const reader = blobReader(file);
    const ranges = [
      [0, 1_500_000],
      [1_500_000, 1_500_001],
      [1_500_001, 2_900_000],
      [100, 200_000],
      [200_000, 3_000_000],
    ] as const;
    for (const [start, end] of ranges) expect(isPart(await reader.read(start, end), start, end)).toBe(true);
    expect(file.streams).toBe(2);
    reader.close();
  });

  test('[SEAL-7] reads asked for at once are answered one after another', async () => {
    const reader = blobReader(new File([bytes], 'a.bin'));
    const ranges = [0, 1, 2, 3, 4, 5].map((i) => [i * 500_000, (i + 1) * 500_000] as const);
    const parts = await Promise.all(ranges.map(([start, end]) => reader.read(start, end)));
    expect(parts.every((part, i) => isPart(part, ...ranges[i]!))).toBe(true);
  });

  test('[SEAL-7] the memory of an answer that is done with is read into again', async () => {
    const reader = blobReader(new File([bytes], 'a.bin'));
    const first = await reader.read(0, 1_000_000);
    const second = await reader.read(1_000_000, 1_900_000, first);
    expect(first.byteLength).toBe(0);
    expect(isPart(second, 1_000_000, 1_900_000)).toBe(true);
    // Too short for this one: it stays what it is.
    expect(isPart(await reader.read(1_900_000, 3_000_000, second), 1_900_000, 3_000_000)).toBe(true);
    expect(second.byteLength).toBe(900_000);
  });

  test('[SEAL-7] past its end a file has what it has', async () => {
    const reader = blobReader(new File([bytes], 'a.bin'));
    expect(await reader.read(2_999_990, 3_000_100)).toEqual(bytes.subarray(2_999_990));
    expect(await reader.read(0, 10)).toEqual(bytes.subarray(0, 10));
  });

  test('[SEAL-7] a stream that gives nothing is left for another one, and the next is given longer', async () => {
    let dead = 2;
    const file = new File([bytes], 'a.bin');
    const slice = (start: number) =>
      dead-- > 0 ? { stream: () => new ReadableStream({ type: 'bytes' }) } : Blob.prototype.slice.call(file, start);
    Object.defineProperty(file, 'slice', { value: slice });
    const reader = blobReader(file, 5);
    expect(isPart(await reader.read(10, 1_000_000), 10, 1_000_000)).toBe(true);
    expect(isPart(await reader.read(1_000_000, 2_000_000), 1_000_000, 2_000_000)).toBe(true);
    // One more dead stream would have been needed had the second read not gone on with the third.
    expect(dead).toBe(-1);
  });

  test('[SEAL-7] after close nothing is read', async () => {
    const reader = blobReader(new File([bytes], 'a.bin'));
    reader.close();
    await expect(reader.read(0, 10)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('[SEAL-7] a file that cannot be read is integrity, with words', async () => {
    const gone = new File([bytes], 'a.bin');
    Object.defineProperty(gone, 'slice', { value: () => ({ stream: () => new ReadableStream({ type: 'bytes', start: fail }) }) });
    await expect(blobReader(gone).read(0, 10)).rejects.toMatchObject({ code: 'integrity', message: expect.stringMatching(/changed/) });
  });

  test('[SEAL-2] only a file can be sealed', () => {
    expect(() => blobReader({ size: 5 })).toThrow(/Only files/);
  });
});

function fail(controller: { error(reason: unknown): void }): void {
  controller.error(new DOMException('gone', 'NotReadableError'));
}
