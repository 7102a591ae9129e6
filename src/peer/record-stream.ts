import { bigEndian, fromBigEndian } from '../core/bytes/integers.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { ShoalError } from '../core/errors.ts';
import { encodeRecord } from '../core/record/stored.ts';
import { recordBytesMax } from '../core/wire/limits.ts';
import type { Exchange } from './links/exchange.ts';
import type { Records } from './records.ts';

const lengthBytes = 4;

/**
 * Sends these records as they are kept now, each with its length before it; of one that is kept no more the length 0 alone (SPEC SYNC-2).
 * Gives how many are kept and were sent.
 */
export async function sendRecords(to: Exchange, recordKeys: readonly string[], records: Pick<Records, 'local'>): Promise<number> {
  let sent = 0;
  for (const recordKey of recordKeys) {
    const record = await records.local(recordKey);
    const encoded = record === undefined ? new Uint8Array() : encodeRecord(record);
    await to.send(concatBytes(bigEndian(encoded.length, lengthBytes), encoded));
    if (record !== undefined) sent++;
  }
  to.end();
  return sent;
}

/** The records of a stream as they come, those without a byte left out. Throws `bad-input` for one that is too long or ends early. */
export async function* receivedRecords(from: Exchange): AsyncGenerator<Uint8Array> {
  /** What came and was not taken yet. */
  let rest: Uint8Array = new Uint8Array();
  /** Each byte is copied once, in whatever pieces it comes. */
  const take = async (length: number): Promise<Uint8Array | undefined> => {
    const taken = new Uint8Array(length);
    for (let filled = 0; ; ) {
      const some = rest.subarray(0, length - filled);
      taken.set(some, filled);
      filled += some.length;
      rest = rest.subarray(some.length);
      if (filled === length) return taken;
      const more = await from.receive();
      if (more === undefined && filled > 0) throw new ShoalError('bad-input', 'a record ends early');
      if (more === undefined) return undefined;
      rest = more;
    }
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
