import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { equalBytes } from '../core/bytes/compare.ts';
import { closest } from '../core/placement/rendezvous.ts';
import { type RecordState, joinRecords, sameRecord } from '../core/record/record.ts';
import { decodeRecord, encodeRecord } from '../core/record/stored.ts';
import { emptyBody, kinds, recordGetBody, recordGetOk, recordPutBody } from '../core/wire/kinds.ts';
import type { Links, Session } from './links/exchange.ts';
import { lookUp } from './look-up.ts';
import type { Clock, Crypto, Log, MetaStore } from './ports.ts';
import { verifyRecord } from './verify.ts';

/** Keepers per record (SPEC REC-3). */
const keepersCount = 8;
/** How many of them are asked before the others. */
const nearestCount = 2;
const requestMs = 10_000;

export interface Records {
  /** The record as known here. */
  local(recordKey: string): Promise<RecordState | undefined>;
  /** The record keys of all records kept here. */
  keys(): Promise<readonly string[]>;
  /** Joins a record whose signatures were checked with what is known here, and keeps the result durably. */
  merge(record: RecordState): Promise<RecordState>;
  /** Puts the record at its keepers: the r linked peers closest to its key. Gives how many keep it durably now. */
  announce(record: RecordState): Promise<number>;
  /**
   * Looks for the record of an object: here, then at the peers linked (SPEC REC-4). `found` is called with each better state;
   * resolves 1 s after the first one, or when everyone asked has answered, at most after some 3 s. The record is not kept here.
   */
  lookUp(objectKey: Uint8Array, found: (record: RecordState) => void): Promise<void>;
  /** Joins what the 2 nearest keepers know of an object, or where they know nothing the others of the 8, with the local copy (SPEC REC-7). */
  refresh(objectKey: Uint8Array): Promise<void>;
  /** Forgets the local copy, also one that is being written. */
  forget(recordKey: string): Promise<void>;
}

export function createRecords(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly meta: MetaStore;
  readonly log: Log;
  /** The record kept here is another one now. */
  readonly merged: (record: RecordState) => void;
}): Records {
  const { clock, crypto, links, meta, log } = options;
  /** Changes of one record happen one after another: each reads what the one before wrote. */
  const changing = new Map<string, Promise<unknown>>();

  const local = async (recordKey: string): Promise<RecordState | undefined> => {
    const encoded = await meta.get('record', recordKey);
    if (encoded === undefined) return undefined;
    try {
      return decodeRecord(encoded);
    } catch (error) {
      // Of a later format it is somebody else's to write; any other form is none, and others have the record.
      if (errorCode(error) !== 'bad-input') throw error;
      log('warn', 'record not read', { code: errorCode(error) });
      return undefined;
    }
  };

  const mergeNow = async (record: RecordState): Promise<RecordState> => {
    const known = await local(record.recordKey);
    const joined = known === undefined ? record : joinRecords(known, record);
    if (known === undefined || !sameRecord(known, joined)) {
      await meta.put('record', record.recordKey, encodeRecord(joined));
      options.merged(joined);
    }
    return joined;
  };

  const inTurn = <T>(recordKey: string, change: () => Promise<T>): Promise<T> => {
    const result = (changing.get(recordKey) ?? Promise.resolve()).then(change);
    const settled = result.then(
      () => {},
      () => {},
    );
    changing.set(recordKey, settled);
    void settled.then(() => {
      if (changing.get(recordKey) === settled) changing.delete(recordKey);
    });
    return result;
  };

  const merge = (record: RecordState): Promise<RecordState> => inTurn(record.recordKey, () => mergeNow(record));

  const linked = (): string[] => links.sessions().map(({ node }) => node);

  const askSession = async (session: Session, objectKey: Uint8Array, recordKey: Uint8Array): Promise<RecordState | undefined> => {
    const call = session.call(kinds.recordGet, recordGetBody.write({ recordKey }), { deadlineMs: requestMs });
    const { record: encoded } = recordGetOk.read(await call.result);
    if (encoded === undefined) return undefined;
    const record = await verifyRecord(crypto, encoded, log);
    return equalBytes(record.objectKey, objectKey) ? record : undefined;
  };

  const ask = async (node: string, objectKey: Uint8Array, recordKey: Uint8Array): Promise<RecordState | undefined> => {
    const session = links.session(node);
    if (session === undefined) return undefined;
    try {
      return await askSession(session, objectKey, recordKey);
    } catch (error) {
      log('debug', 'look-up unanswered', { detail: error instanceof Error ? error.message : 'unknown' });
      return undefined;
    }
  };

  links.handle(kinds.recordGet, async ({ body }) => {
    const record = await local(toHex(recordGetBody.read(body).recordKey));
    return recordGetOk.write({ record: record && encodeRecord(record) });
  });

  links.handle(kinds.recordPut, async ({ body }) => {
    await merge(await verifyRecord(crypto, recordPutBody.read(body).record, log));
    return emptyBody.write({});
  });

  return {
    local,
    keys: () => meta.keys('record'),
    merge,
    forget: (recordKey) => inTurn(recordKey, () => meta.delete('record', recordKey)),
    async announce(record) {
      const body = recordPutBody.write({ record: encodeRecord(record) });
      const keepers = closest(record.recordKey, linked(), keepersCount);
      const puts = keepers.map(async (keeper) => {
        const session = links.session(keeper);
        if (session === undefined) throw new ShoalError('not-found', 'the keeper left');
        await session.call(kinds.recordPut, body, { deadlineMs: requestMs }).result;
      });
      return (await Promise.allSettled(puts)).filter(({ status }) => status === 'fulfilled').length;
    },
    async refresh(objectKey) {
      const key = recordKeyOf(objectKey);
      const keepers = closest(toHex(key), linked(), keepersCount);
      for (const some of [keepers.slice(0, nearestCount), keepers.slice(nearestCount)]) {
        const answers = await Promise.all(some.map((node) => ask(node, objectKey, key)));
        const found = answers.filter((record) => record !== undefined);
        for (const record of found) await merge(record);
        if (found.length > 0) return;
      }
    },
    async lookUp(objectKey, found) {
      const key = recordKeyOf(objectKey);
      const id = toHex(key);
      await lookUp({
        clock,
        local: await local(id),
        near: () => closest(id, linked(), Number.POSITIVE_INFINITY),
        ask: (node) => ask(node, objectKey, key),
        found,
      });
    },
  };
}
