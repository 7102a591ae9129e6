import { bigEndian, fromBigEndian } from '../core/bytes/integers.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { ShoalError } from '../core/errors.ts';
import { encodeRecord } from '../core/record/stored.ts';
import { recordBytesMax } from '../core/wire/limits.ts';
import type { Exchange } from './links/exchange.ts';
import type { Records } from './records.ts';

const lengthBytes = 4;

/** Sends these records as they are kept now, each with its length before it; of one that is kept no more the length 0 alone (SPEC SYNC-2). */
export async function sendRecords(to: Exchange, recordKeys: readonly string[], records: Pick<Records, 'local'>): Promise<void> {
  for (const recordKey of recordKeys) {
    const record = await records.local(recordKey);
    const encoded = record === undefined ? new Uint8Array() : encodeRecord(record);
    await to.send(concatBytes(bigEndian(encoded.length, lengthBytes), encoded));
  }
  to.end();
}

/** The records of a stream as they come, those without a byte left out. Throws `bad-input` for one that is too long or ends early. */
export async function* receivedRecords(from: Exchange): AsyncGenerator<Uint8Array> {
  let come: Uint8Array = new Uint8Array();
  const take = async (length: number): Promise<Uint8Array | undefined> => {
    while (come.length < length) {
      const more = await from.receive();
      if (more === undefined) {
        if (come.length > 0) throw new ShoalError('bad-input', 'a record ends early');
        return undefined;
      }
      come = concatBytes(come, more);
    }
    const taken = come.slice(0, length);
    come = come.subarray(length);
    return taken;
  };
  for (let head = await take(lengthBytes); head !== undefined; head = await take(lengthBytes)) {
    const length = fromBigEndian(head);
    if (length > recordBytesMax) throw new ShoalError('bad-input', 'a record is too long');
    if (length === 0) continue;
    const encoded = await take(length);
    if (encoded === undefined) throw new ShoalError('bad-input', 'a record ends early');
    yield encoded;
  }
}
