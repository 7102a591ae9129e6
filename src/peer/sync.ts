import { equalBytes } from '../core/bytes/compare.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { recordKeyIn } from '../core/record/stored.ts';
import { kinds, syncBody, syncOk, syncProgress } from '../core/wire/kinds.ts';
import { decodeKeys, decodeSyncDigest, encodeKeys, encodeSyncDigest, type Stamped } from '../core/wire/sync-digest.ts';
import type { Exchange, Incoming, Links, Session } from './links/exchange.ts';
import type { Clock, Log, Random } from './ports.ts';
import type { RecordBudget } from './record-budget.ts';
import { receivedRecords, sendRecords } from './record-stream.ts';
import type { Records } from './records.ts';
import type { Stamps } from './stamps.ts';

/** A sync is over after this long, for who asks and for who answers. */
const syncMs = 120_000;
/** Who answers takes new records for so long: the rest comes by the next sync. */
const newMs = 100_000;
/** One peer's syncs are answered this often at most. */
const answerEveryMs = 1_000;

/** Two peers make what they know of some records the same (SPEC SYNC-*). */
export interface Sync {
  /**
   * Syncs up to 5,000 records, as far as they are kept here, with `node`; makes a link to it where there is none. Gives those that it wanted
   * where it took some of them and not all, so that nobody knows which; else none. Throws why it could not, also where it took none.
   */
  run(node: string, recordKeys: readonly string[]): Promise<readonly string[]>;
}

export function createSync(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly links: Links;
  readonly records: Pick<Records, 'local' | 'admit' | 'put'>;
  readonly stamps: Pick<Stamps, 'of'>;
  readonly budget: Pick<RecordBudget, 'turn'>;
  readonly log: Log;
}): Sync {
  const { clock, random, links, records, stamps, budget, log } = options;
  const answering = new WeakSet<Session>();
  const answeredMs = new WeakMap<Session, number>();
  /** What those that know no syncs were told over their links: stamps by record key. */
  const told = new WeakMap<Session, Map<string, Uint8Array>>();

  /** Joins the records that come, of those asked for, each once it may be, up to the first that may not. Gives how many are kept durably now. */
  const joinAll = async (from: Exchange, asked: ReadonlySet<string>, may: (recordKey: string) => Promise<boolean>): Promise<number> => {
    const left = new Set(asked);
    let joined = 0;
    let come = 0;
    for await (const encoded of receivedRecords(from)) {
      try {
        const recordKey = recordKeyIn(encoded);
        if (!left.delete(recordKey)) throw new ShoalError('bad-input', 'this record was not asked for');
        if (!(await may(recordKey))) break;
        await records.admit(encoded);
        joined++;
      } catch (error) {
        // One that is refused keeps nothing from the others.
        log('warn', 'record refused', { code: errorCode(error) });
      }
      // Refused ones count too: nobody sends more than was asked for.
      if (++come === asked.size) break;
    }
    return joined;
  };

  /** Of several peers that bring the same records at once each begins elsewhere: so all of their budgets count. */
  const startOf = (count: number): number => (random.bytes(1)[0]! * count) >> 8;

  const answer = async (asking: Incoming, digest: readonly Stamped[], tell: (wanted: readonly string[]) => void): Promise<number> => {
    const wanted: string[] = [];
    const differing: string[] = [];
    const { node } = asking.session;
    for (const { recordKey, stamp } of digest) {
      const own = await stamps.of(recordKey);
      if (own !== undefined && equalBytes(own.stamp, stamp)) continue;
      wanted.push(recordKey);
      if (own !== undefined) differing.push(recordKey);
    }
    if (wanted.length > 0) tell(turnedBy(startOf(wanted.length), wanted));
    const known = new Set(differing);
    const untilMs = clock.now() + newMs;
    const may = async (recordKey: string): Promise<boolean> => {
      // What another peer brought meanwhile is not new any more.
      if (known.has(recordKey) || (await records.local(recordKey)) !== undefined) return true;
      if (clock.now() > untilMs) return false;
      await budget.turn(node);
      return true;
    };
    const [joined] = await Promise.all([
      wanted.length === 0 ? 0 : joinAll(asking, new Set(wanted), may),
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
      return syncOk.write({ joined: await inTime(clock, answer(incoming, digest, tell)) });
    } finally {
      answering.delete(session);
    }
  });

  /**
   * Whoever knows no syncs gets the records one by one: each once, as long as it stays as it is and the link lasts. It takes no longer than a sync;
   * gives those that are left.
   */
  const putEach = async (session: Session, recordKeys: readonly string[]): Promise<readonly string[]> => {
    const before = told.get(session) ?? new Map<string, Uint8Array>();
    told.set(session, before);
    const untilMs = clock.now() + syncMs;
    for (const [i, recordKey] of recordKeys.entries()) {
      if (clock.now() >= untilMs) return recordKeys.slice(i);
      const own = await stamps.of(recordKey);
      const stamp = before.get(recordKey);
      if (own === undefined || (stamp !== undefined && equalBytes(stamp, own.stamp))) continue;
      const record = await records.local(recordKey);
      if (record === undefined) continue;
      await records.put(session.node, record);
      before.set(recordKey, own.stamp);
    }
    return [];
  };

  const syncWith = async (session: Session, recordKeys: readonly string[]): Promise<readonly string[]> => {
    const digest: Stamped[] = [];
    for (const recordKey of recordKeys) {
      const own = await stamps.of(recordKey);
      if (own !== undefined) digest.push({ recordKey, stamp: own.stamp });
    }
    if (digest.length === 0) return [];
    const asked = new Set(digest.map(({ recordKey }) => recordKey));
    const call = session.call(kinds.sync, syncBody.write({ digest: encodeSyncDigest(digest) }), { deadlineMs: syncMs });
    let wanted: readonly string[] | undefined;
    /** How many of those went, once all did. */
    let sent: number | undefined;
    call.onProgress((progress) => {
      const send = async (): Promise<void> => {
        if (wanted !== undefined) throw new ShoalError('bad-input', 'records were asked for twice');
        wanted = [...new Set(decodeKeys(syncProgress.read(progress).wanted))].filter((recordKey) => asked.has(recordKey));
        sent = await sendRecords(call, wanted, records);
      };
      send().catch((error: unknown) => {
        log('debug', 'records not sent', { code: errorCode(error) });
        call.cancel();
      });
    });
    try {
      const [result] = await Promise.all([call.result, joinAll(call, asked, async () => true)]);
      const { joined } = syncOk.read(result);
      if (wanted === undefined || joined >= (sent ?? Infinity)) return [];
      // Whoever does not keep what it asked for is no keeper that has it.
      if (joined === 0) throw new ShoalError('internal', 'none of the records was kept');
      return wanted;
    } finally {
      call.cancel();
    }
  };

  return {
    async run(node, recordKeys) {
      const session = await links.connect(node);
      return syncWith(session, recordKeys).catch(async (error: unknown) => {
        if (errorCode(error) !== 'too-new') throw error;
        return putEach(session, recordKeys);
      });
    },
  };
}

/** These from the one at `start` on, and then those before it. */
const turnedBy = (start: number, keys: readonly string[]): readonly string[] => [...keys.slice(start), ...keys.slice(0, start)];

/** What `work` gives, or `timeout`: who asks and then neither reads nor sends would have its turn for ever. */
async function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  let stopTimer = (): void => {};
  const late = new Promise<never>((_, reject) => {
    stopTimer = clock.timer(syncMs, () => reject(new ShoalError('timeout', 'this sync took too long')));
  });
  return Promise.race([work, late]).finally(stopTimer);
}
