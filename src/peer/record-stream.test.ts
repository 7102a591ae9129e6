import { expect, test } from 'vitest';
import { concatBytes } from '../core/bytes/compare.ts';
import { bigEndian } from '../core/bytes/integers.ts';
import { recordBytesMax } from '../core/wire/limits.ts';
import type { Exchange } from './links/exchange.ts';
import { receivedRecords } from './record-stream.ts';

/** The records of a stream that comes in pieces of `pieceBytes`. */
async function received(stream: Uint8Array, pieceBytes: number): Promise<Uint8Array[]> {
  let at = 0;
  const receive = async (): Promise<Uint8Array | undefined> => (at < stream.length ? stream.subarray(at, (at += pieceBytes)) : undefined);
  const records: Uint8Array[] = [];
  for await (const record of receivedRecords({ receive } as Partial<Exchange> as Exchange)) records.push(record);
  return records;
}

const framed = (...records: readonly Uint8Array[]): Uint8Array =>
  concatBytes(...records.flatMap((record) => [bigEndian(record.length, 4), record]));

test.each([1, 3, 4, 1_000])('[SYNC-2] records come out as they went in, in whatever pieces: of %i bytes', async (pieceBytes) => {
  const records = [1, 2, 300, 5].map((length) => new Uint8Array(length).fill(length));
  expect(await received(framed(records[0]!, new Uint8Array(), ...records.slice(1)), pieceBytes)).toEqual(records);
});

test('[SYNC-2] one that ends early, or is too long, is bad input', async () => {
  await expect(received(framed(new Uint8Array(9)).subarray(0, 12), 4)).rejects.toMatchObject({ code: 'bad-input' });
  await expect(received(bigEndian(recordBytesMax + 1, 4), 4)).rejects.toMatchObject({ code: 'bad-input' });
});

test('[SYNC-2] the largest record costs no more in tiny pieces: each is copied once', { timeout: 5_000 }, async () => {
  const [record] = await received(framed(new Uint8Array(recordBytesMax)), 8);
  expect(record).toHaveLength(recordBytesMax);
});
