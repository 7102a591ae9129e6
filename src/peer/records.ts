import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { equalBytes } from '../core/bytes/compare.ts';
import { closest, keepersCount } from '../core/placement/keepers.ts';
import { type RecordState, joinRecords, sameRecord } from '../core/record/record.ts';
import { decodeRecord, encodeRecord } from '../core/record/stored.ts';
import { kinds, recordGetBody, recordGetOk, recordPutBody } from '../core/wire/kinds.ts';
import type { Keepers } from './keepers.ts';
import type { Links } from './links/exchange.ts';
import { lookUp } from './look-up.ts';
import type { Membership } from './membership.ts';
import type { Clock, Crypto, Log, MetaStore } from './ports.ts';
import { recordCache } from './record-cache.ts';
import { verifyRecord } from './verify.ts';
import { within } from './within.ts';

const requestMs = 10_000;
/** So long links to keepers are waited for, where another keeper has the record. */
const linkMs = 3_000;
/** Peers to which a look-up makes links where nobody linked knows the record. */
const dialledMax = 8;

export interface Records {
  /** The record as known here; undefined also for one that cannot be read. */
  local(recordKey: string): Promise<RecordState | undefined>;
  /** The record keys of all records kept here. */
  keys(): Promise<readonly string[]>;
  /** Joins a record whose signatures were checked with what is known here, and keeps the result durably. */
  merge(record: RecordState): Promise<RecordState>;
  /** The same for a record as it came from outside. Throws as verifyRecord does. */
  admit(encoded: Uint8Array): Promise<RecordState>;
  /**
   * Puts the record at its keepers, or where none can be reached at peers that stand in for them (SPEC REC-3). Gives how many keep it durably now.
   */
  announce(record: RecordState): Promise<number>;
  /** Puts the record at one peer, making a link to it where there is none. */
  put(node: string, record: RecordState): Promise<void>;
  /** Joins what the nearest keepers know of an object with the local copy: the first one that answers with something. */
  refresh(objectKey: Uint8Array): Promise<void>;
  /**
   * Looks for the record of an object: here, then at its keepers and the peers linked, then at others (SPEC REC-4). `found` is called with
   * each better state; resolves 1 s after the first one, or when everyone asked has answered, or after some time. Afterwards keepers that
   * knew less are told (SPEC SYNC-6); the record is kept here where it was, or where this peer is its keeper.
   *
   * @param byOthers what is known here counts for nothing: the look-up goes on until somebody else tells
   */
  lookUp(objectKey: Uint8Array, found: (record: RecordState) => void, byOthers?: boolean): Promise<void>;
  /** Forgets the local copy, also one that is being written. */
  forget(recordKey: string): Promise<void>;
}

export function createRecords(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly membership: Pick<Membership, 'peers'>;
  readonly keepers: Pick<Keepers, 'of'>;
  readonly meta: MetaStore;
  readonly log: Log;
  /** The record kept here is another one than `before` now; or it is kept no more. */
  readonly merged: (record: RecordState, before: RecordState | undefined) => void;
  readonly forgotten: (recordKey: string) => void;
  /** This peer takes no more records from here at the moment, and has to be told of this one later. */
  readonly putOff: (node: string, recordKey: string) => void;
}): Records {
  const { clock, crypto, links, membership, keepers, meta, log } = options;
  /** Changes of one record happen one after another: each reads what the one before wrote. */
  const changing = new Map<string, Promise<unknown>>();
  const cache = recordCache();
  /** Rises with every change: what was read before one is not kept after it. */
  let changes = 0;

  /** Throws `too-new` for a record of a later format, which is somebody else's to write. */
  const stored = async (recordKey: string): Promise<RecordState | undefined> => {
    const cached = cache.get(recordKey);
    if (cached !== undefined) return cached;
    const before = changes;
    const encoded = await meta.get('record', recordKey);
    if (encoded === undefined) return undefined;
    try {
      const record = decodeRecord(encoded);
      if (record.recordKey !== recordKey) throw new ShoalError('bad-input', 'the record is of another object');
      if (changes === before) cache.put(record, encoded.length);
      return record;
    } catch (error) {
      log('warn', 'record not read', { code: errorCode(error) });
      if (errorCode(error) === 'too-new') throw error;
      // The disk changed it: others have the record, and bring it by sync once there is none here.
      discard(recordKey, encoded).catch((failure: unknown) => log('error', 'record not forgotten', { code: errorCode(failure) }));
      return undefined;
    }
  };

  const local = (recordKey: string): Promise<RecordState | undefined> =>
    stored(recordKey).catch((error: unknown) => {
      if (errorCode(error) !== 'too-new') throw error;
      return undefined;
    });

  const mergeNow = async (record: RecordState): Promise<RecordState> => {
    const known = await stored(record.recordKey);
    const joined = known === undefined ? record : joinRecords(known, record);
    if (known === undefined || !sameRecord(known, joined)) {
      const encoded = encodeRecord(joined);
      await meta.put('record', record.recordKey, encoded);
      changes++;
      cache.put(joined, encoded.length);
      options.merged(joined, known);
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

  const forgetNow = async (recordKey: string): Promise<void> => {
    await meta.delete('record', recordKey);
    changes++;
    cache.delete(recordKey);
    options.forgotten(recordKey);
  };
  /** Forgets a record while it is still kept in this form. */
  const discard = (recordKey: string, unreadable: Uint8Array): Promise<void> =>
    inTurn(recordKey, async () => {
      const encoded = await meta.get('record', recordKey);
      if (encoded !== undefined && equalBytes(encoded, unreadable)) await forgetNow(recordKey);
    });

  const merge = (record: RecordState): Promise<RecordState> => inTurn(record.recordKey, () => mergeNow(record));
  const admit = async (encoded: Uint8Array): Promise<RecordState> => merge(await verifyRecord(crypto, encoded, log, local, clock.now()));

  /** The record of an object as `node` has it: null where that is none of it, undefined where it does not answer, or not rightly. */
  const ask = async (node: string, objectKey: Uint8Array, known: RecordState | undefined): Promise<RecordState | null | undefined> => {
    try {
      return await get(node, objectKey, known);
    } catch (error) {
      log('debug', 'record not got', { code: errorCode(error) });
      return undefined;
    }
  };

  const get = async (node: string, objectKey: Uint8Array, known: RecordState | undefined): Promise<RecordState | null> => {
    const session = await links.connect(node);
    const body = recordGetBody.write({ recordKey: recordKeyOf(objectKey) });
    const { record: encoded } = recordGetOk.read(await session.call(kinds.recordGet, body, { deadlineMs: requestMs }).result);
    if (encoded === undefined) return null;
    const record = await verifyRecord(crypto, encoded, log, async () => known, clock.now());
    return equalBytes(record.objectKey, objectKey) ? record : null;
  };

  const linked = (): string[] => links.sessions().map(({ node }) => node);

  const put = async (node: string, record: RecordState): Promise<void> => {
    const session = await links.connect(node);
    await session.call(kinds.recordPut, recordPutBody.write({ record: encodeRecord(record) }), { deadlineMs: requestMs }).result;
  };

  links.handle(kinds.recordGet, async ({ body }) => {
    const record = await local(toHex(recordGetBody.read(body).recordKey));
    return recordGetOk.write({ record: record && encodeRecord(record) });
  });

  return {
    local,
    keys: () => meta.keys('record'),
    merge,
    admit,
    put,
    forget: (recordKey) => inTurn(recordKey, () => forgetNow(recordKey)),
    async announce(record) {
      const { recordKey } = record;
      const nodes = keepers.of(recordKey).filter((node) => node !== links.self);
      const near = nodes.filter((node) => links.session(node) !== undefined);
      let told = 0;
      let confirmed = (): void => {};
      const first = new Promise<void>((resolve) => (confirmed = resolve));
      const tell = (node: string): Promise<void> =>
        put(node, record).then(
          () => {
            told++;
            confirmed();
          },
          (error: unknown) => {
            if (errorCode(error) === 'busy') options.putOff(node, recordKey);
          },
        );
      const far = Promise.all(nodes.filter((node) => !near.includes(node)).map(tell));
      await Promise.all([...near.map(tell), within(clock, linkMs, far)]);
      // Of those that take longer to reach one is enough.
      await Promise.race([first, far]);
      if (told > 0) return told;
      // Where no keeper can be reached, as without signaling, others stand in, who tell them in time.
      const others = linked().filter((node) => !nodes.includes(node));
      await Promise.all(closest(recordKey, others.sort(), keepersCount).map(tell));
      return told;
    },
    async refresh(objectKey) {
      const id = toHex(recordKeyOf(objectKey));
      for (const node of keepers.of(id)) {
        const record = node === links.self ? null : await ask(node, objectKey, await local(id));
        if (record) return void (await merge(record));
      }
    },
    async lookUp(objectKey, found, byOthers = false) {
      const id = toHex(recordKeyOf(objectKey));
      const sorted = (nodes: readonly string[]): string[] => closest(id, nodes.toSorted(), Infinity);
      const keep = (): string[] => keepers.of(id).filter((node) => node !== links.self);
      const live = (): string[] => membership.peers().flatMap(({ node, state }) => (state === 'live' ? [node] : []));
      const unlinked = (): string[] => [...new Set([...keep(), ...sorted(live())])].filter((node) => links.session(node) === undefined);

      const known = await local(id);
      let best: RecordState | undefined;
      const answers = new Map<string, RecordState | null>();
      await lookUp({
        ...{ clock, local: byOthers ? undefined : known },
        ask: async (node) => {
          const answer = await ask(node, objectKey, best ?? known);
          if (answer !== undefined) answers.set(node, answer);
          return answer ?? undefined;
        },
        keepers: () => keep().filter((node) => links.session(node) !== undefined),
        linked: () => sorted(linked()),
        unlinked: () => unlinked().slice(0, dialledMax),
        found(record) {
          best = record;
          found(record);
        },
      });
      if (best !== undefined) heal(best, keep(), answers);
      if (best !== undefined && (known !== undefined || keepers.of(id).includes(links.self))) await merge(best);
    },
  };

  /** Tells keepers that answered with less what was found: signatures make it safe from anyone. */
  function heal(best: RecordState, keep: readonly string[], answers: ReadonlyMap<string, RecordState | null>): void {
    for (const node of keep) {
      const answer = answers.get(node);
      if (answer === undefined || (answer !== null && sameRecord(answer, joinRecords(answer, best)))) continue;
      put(node, best).catch((error: unknown) => log('debug', 'keeper not told', { code: errorCode(error) }));
    }
  }
}
