import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { ShoalError } from '../core/errors.ts';
import { equalBytes } from '../core/bytes/compare.ts';
import { closest } from '../core/placement/rendezvous.ts';
import {
  type RecordState,
  type SignedClaim,
  decodeRecord,
  encodeRecord,
  joinRecords,
  recordOf,
  sameRecord,
} from '../core/record/record.ts';
import { emptyBody, kinds, recordGetBody, recordGetOk, recordPutBody } from '../core/wire/kinds.ts';
import type { Links, Session } from './links/exchange.ts';
import type { Clock, Crypto, Log, MetaStore } from './ports.ts';
import { verifyClaim, verifyDescriptor } from './verify.ts';

/** Keepers per record (DESIGN §7). */
const keepersCount = 8;
/** A look-up asks this many keepers first, the other ones after `widenMs`, every linked peer after as long again. */
const firstAsked = 2;
const widenMs = 150;
const requestMs = 10_000;

export interface Records {
  /** The record as known here. */
  local(recordKey: string): Promise<RecordState | undefined>;
  /** Joins a record whose signatures were checked with what is known here, and keeps the result durably. */
  merge(record: RecordState): Promise<RecordState>;
  /** Puts the record at its keepers: the r linked peers closest to its key. Gives how many keep it durably now. */
  announce(record: RecordState): Promise<number>;
  /**
   * Looks for the record of an object: here, then at 2 keepers, the others after 150 ms, then at every linked peer (SPEC REC-4).
   * `found` is called with each better state; resolves when everyone asked has answered. The record is not kept here.
   */
  lookUp(objectKey: Uint8Array, found: (record: RecordState) => void): Promise<void>;
  /** Forgets the local copy. */
  forget(recordKey: string): Promise<void>;
}

export function createRecords(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly meta: MetaStore;
  readonly log: Log;
}): Records {
  const { clock, crypto, links, meta, log } = options;
  /** Joins of one record happen one after another: each reads what the one before wrote. */
  const merging = new Map<string, Promise<unknown>>();

  const local = async (recordKey: string): Promise<RecordState | undefined> => {
    const encoded = await meta.get('record', recordKey);
    return encoded === undefined ? undefined : decodeRecord(encoded);
  };

  const mergeNow = async (record: RecordState): Promise<RecordState> => {
    const known = await local(record.recordKey);
    const joined = known === undefined ? record : joinRecords(known, record);
    if (known === undefined || !sameRecord(known, joined)) await meta.put('record', record.recordKey, encodeRecord(joined));
    return joined;
  };

  const merge = (record: RecordState): Promise<RecordState> => {
    const result = (merging.get(record.recordKey) ?? Promise.resolve()).then(() => mergeNow(record));
    const settled = result.then(
      () => {},
      () => {},
    );
    merging.set(record.recordKey, settled);
    void settled.then(() => {
      if (merging.get(record.recordKey) === settled) merging.delete(record.recordKey);
    });
    return result;
  };

  /** A record from outside: the descriptor must hold; a claim that does not is left out and said. */
  const verified = async (descriptor: Uint8Array, claims: readonly Uint8Array[]): Promise<RecordState> => {
    const parsed = await verifyDescriptor(crypto, descriptor);
    const good: SignedClaim[] = [];
    for (const signed of claims) {
      try {
        good.push(await verifyClaim(crypto, signed));
      } catch (error) {
        log('warn', 'claim refused', { detail: error instanceof Error ? error.message : 'unknown' });
      }
    }
    return recordOf(descriptor, parsed.descriptor, good);
  };

  const ask = async (session: Session, objectKey: Uint8Array, recordKey: Uint8Array): Promise<RecordState | undefined> => {
    const call = session.call(kinds.recordGet, recordGetBody.write({ recordKey }), { deadlineMs: requestMs });
    const { descriptor, claims } = recordGetOk.read(await call.result);
    if (descriptor === undefined) return undefined;
    const record = await verified(descriptor, claims);
    return equalBytes(record.descriptor.objectKey, objectKey) ? record : undefined;
  };

  /** Waits until everyone asked has answered, but not for long. */
  const answeredOrLate = async (asked: readonly Promise<void>[]): Promise<void> => {
    let stopTimer = (): void => {};
    const late = new Promise<void>((resolve) => {
      stopTimer = clock.timer(widenMs, resolve);
    });
    await Promise.race([Promise.all(asked), late]);
    stopTimer();
  };

  links.handle(kinds.recordGet, async ({ body }) => {
    const record = await local(toHex(recordGetBody.read(body).recordKey));
    if (record === undefined) return recordGetOk.write({ claims: [] });
    return recordGetOk.write({ descriptor: record.signedDescriptor, claims: [...record.claims.values()].map(({ signed }) => signed) });
  });

  links.handle(kinds.recordPut, async ({ body }) => {
    const { descriptor, claims } = recordPutBody.read(body);
    await merge(await verified(descriptor, claims));
    return emptyBody.write({});
  });

  return {
    local,
    merge,
    forget: (recordKey) => meta.delete('record', recordKey),
    async announce(record) {
      const body = recordPutBody.write({
        descriptor: record.signedDescriptor,
        claims: [...record.claims.values()].map(({ signed }) => signed),
      });
      const nodes = links.sessions().map(({ node }) => node);
      const keepers = closest(record.recordKey, nodes, keepersCount);
      const puts = keepers.map(async (keeper) => {
        const session = links.session(keeper);
        if (session === undefined) throw new ShoalError('not-found', 'the keeper left');
        await session.call(kinds.recordPut, body, { deadlineMs: requestMs }).result;
      });
      return (await Promise.allSettled(puts)).filter(({ status }) => status === 'fulfilled').length;
    },
    async lookUp(objectKey, found) {
      const key = recordKeyOf(objectKey);
      const id = toHex(key);
      let best = await local(id);
      if (best !== undefined) found(best);
      const better = (record: RecordState | undefined): void => {
        if (record === undefined) return;
        const joined = best === undefined ? record : joinRecords(best, record);
        if (best !== undefined && sameRecord(best, joined)) return;
        best = joined;
        found(joined);
      };
      const asked = new Set<string>();
      const askAll = (nodes: readonly string[]): Promise<void>[] =>
        nodes
          .filter((node) => !asked.has(node))
          .map(async (node) => {
            asked.add(node);
            const session = links.session(node);
            if (session === undefined) return;
            await ask(session, objectKey, key).then(better, (error: unknown) =>
              log('debug', 'look-up unanswered', { detail: error instanceof Error ? error.message : 'unknown' }),
            );
          });
      const near = (): string[] =>
        closest(
          id,
          links.sessions().map(({ node }) => node),
          Number.POSITIVE_INFINITY,
        );
      const waves = askAll(near().slice(0, firstAsked));
      await answeredOrLate(waves);
      waves.push(...askAll(near().slice(0, keepersCount)));
      await answeredOrLate(waves);
      waves.push(...askAll(near()));
      await Promise.all(waves);
    },
  };
}
