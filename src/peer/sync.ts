import { equalBytes } from '../core/bytes/compare.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { kinds, syncBody, syncOk, syncProgress } from '../core/wire/kinds.ts';
import { decodeKeys, decodeSyncDigest, encodeKeys, encodeSyncDigest, type Stamped } from '../core/wire/sync-digest.ts';
import type { Exchange, Links, Session } from './links/exchange.ts';
import type { Clock, Log } from './ports.ts';
import { receivedRecords, sendRecords } from './record-stream.ts';
import type { Records } from './records.ts';
import type { Stamps } from './stamps.ts';

const syncMs = 120_000;
/** One peer's syncs are answered this often at most. */
const answerEveryMs = 1_000;

/** Two peers make what they know of some records the same (SPEC SYNC-*). */
export interface Sync {
  /** Syncs up to 5,000 records, as far as they are kept here, with `node`; makes a link to it where there is none. Throws why it could not. */
  run(node: string, recordKeys: readonly string[]): Promise<void>;
}

export function createSync(options: {
  readonly clock: Clock;
  readonly links: Links;
  readonly records: Records;
  readonly stamps: Pick<Stamps, 'of'>;
  readonly log: Log;
}): Sync {
  const { clock, links, records, stamps, log } = options;
  const answering = new WeakSet<Session>();
  const answeredMs = new WeakMap<Session, number>();

  /** Joins the records that come, of those asked for. Gives how many are kept durably now. */
  const joinAll = async (from: Exchange, asked: ReadonlySet<string>): Promise<number> => {
    const left = new Set(asked);
    let come = 0;
    for await (const encoded of receivedRecords(from)) {
      try {
        const { recordKey } = await records.admit(encoded);
        if (!left.delete(recordKey)) break;
      } catch (error) {
        // One that is refused keeps nothing from the others.
        log('warn', 'record refused', { code: errorCode(error) });
      }
      // Refused ones count too: nobody sends more than was asked for.
      if (left.size === 0 || ++come === asked.size) break;
    }
    return asked.size - left.size;
  };

  const answer = async (asking: Exchange, digest: readonly Stamped[], tell: (wanted: readonly string[]) => void): Promise<number> => {
    const wanted: string[] = [];
    const differing: string[] = [];
    for (const { recordKey, stamp } of digest) {
      const own = await stamps.of(recordKey);
      if (own !== undefined && equalBytes(own.stamp, stamp)) continue;
      wanted.push(recordKey);
      if (own !== undefined) differing.push(recordKey);
    }
    if (wanted.length > 0) tell(wanted);
    const [joined] = await Promise.all([
      wanted.length === 0 ? 0 : joinAll(asking, new Set(wanted)),
      sendRecords(asking, differing, records),
    ]);
    return joined;
  };

  links.handle(kinds.sync, async (incoming) => {
    const { session } = incoming;
    if (answering.has(session) || clock.now() - (answeredMs.get(session) ?? -Infinity) < answerEveryMs)
      throw new ShoalError('busy', 'records are not synced so often');
    answering.add(session);
    answeredMs.set(session, clock.now());
    try {
      const digest = decodeSyncDigest(syncBody.read(incoming.body).digest);
      const tell = (wanted: readonly string[]): void => incoming.progress(syncProgress.write({ wanted: encodeKeys(wanted) }));
      return syncOk.write({ joined: await answer(incoming, digest, tell) });
    } finally {
      answering.delete(session);
    }
  });

  const run = async (node: string, recordKeys: readonly string[]): Promise<void> => {
    const session = await links.connect(node);
    const digest: Stamped[] = [];
    for (const recordKey of recordKeys) {
      const own = await stamps.of(recordKey);
      if (own !== undefined) digest.push({ recordKey, stamp: own.stamp });
    }
    if (digest.length === 0) return;
    const asked = new Set(digest.map(({ recordKey }) => recordKey));
    const call = session.call(kinds.sync, syncBody.write({ digest: encodeSyncDigest(digest) }), { deadlineMs: syncMs });
    let wanted: readonly string[] | undefined;
    call.onProgress((progress) => {
      const send = async (): Promise<void> => {
        if (wanted !== undefined) throw new ShoalError('bad-input', 'records were asked for twice');
        wanted = [...new Set(decodeKeys(syncProgress.read(progress).wanted))].filter((recordKey) => asked.has(recordKey));
        await sendRecords(call, wanted, records);
      };
      send().catch((error: unknown) => {
        log('debug', 'records not sent', { code: errorCode(error) });
        call.cancel();
      });
    });
    try {
      const [result] = await Promise.all([call.result, joinAll(call, asked)]);
      // Whoever does not keep what it asked for is no keeper that has it.
      if (syncOk.read(result).joined < (wanted ?? []).length) throw new ShoalError('internal', 'not all records were kept');
    } finally {
      call.cancel();
    }
  };

  return { run };
}
