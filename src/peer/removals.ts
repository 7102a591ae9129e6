import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { errorCode } from '../core/errors.ts';
import { parseTombstone } from '../core/record/tombstone.ts';
import { type RecordState, recordFrom } from '../core/record/record.ts';
import { isVersionDeleted } from '../core/record/view.ts';
import { deleteBody, deleteOk, kinds } from '../core/wire/kinds.ts';
import { type Authority, withoutRequest } from './authority.ts';
import type { HeldObjects } from './held-objects.ts';
import type { Incoming, Links } from './links/exchange.ts';
import type { Crypto, Log } from './ports.ts';
import type { RecordBudget } from './record-budget.ts';
import type { Records } from './records.ts';
import { verifyTombstone } from './verify.ts';

/** What an owner deleted goes from here, whoever brought word of it (SPEC DEL-1 to DEL-3). */
export interface Removals {
  /** Goes on with what an earlier run did not finish. */
  start(): Promise<void>;
  /** A record kept here is another one now. */
  merged(record: RecordState): void;
  /** Removes what is held of this object and deleted, as its record here says; gives the bytes freed. */
  remove(recordKey: string): Promise<number>;
}

export function createRemovals(options: {
  readonly crypto: Crypto;
  readonly links: Links;
  readonly authority: Authority;
  readonly records: Records;
  readonly held: HeldObjects;
  readonly budget: Pick<RecordBudget, 'take'>;
  readonly log: Log;
}): Removals {
  const { crypto, links, authority, records, held, budget, log } = options;
  /** One object after another: a sync may bring word of thousands. */
  let queue: Promise<unknown> = Promise.resolve();

  const removeNow = async (recordKey: string): Promise<number> => {
    const roots = held.of(recordKey);
    const record = roots.length === 0 ? undefined : await records.local(recordKey);
    let freed = 0;
    for (const contentRoot of roots) {
      const version = held.get(contentRoot)?.version;
      if (record === undefined || version === undefined || !isVersionDeleted(record, version)) continue;
      freed += (await held.remove(contentRoot)).bytes;
    }
    return freed;
  };

  const remove = (recordKey: string): Promise<number> => {
    const removed = queue.then(() => removeNow(recordKey));
    queue = removed.catch(() => {});
    return removed;
  };

  /** The tombstone is durable before the first shard goes: else a start after a sudden end would know nothing of it. */
  const serve = async ({ kind, session, body }: Incoming): Promise<number> => {
    const { request, tombstone: signed } = deleteBody.read(body);
    const { objectKey } = parseTombstone(signed).tombstone;
    const recordKey = toHex(recordKeyOf(objectKey));
    // Of what is known here as much goes at once as its owner wants.
    if (held.of(recordKey).length === 0 && (await records.local(recordKey)) === undefined) budget.take(session.node);
    await authority.require(session, kind, request, withoutRequest(body), objectKey);
    const tombstone = await verifyTombstone(crypto, signed);
    // Bytes are counted here, so that nobody else may begin before.
    const removed = queue.then(async () => {
      await records.merge(recordFrom({ heads: [], tombstone }));
      return removeNow(recordKey);
    });
    queue = removed.catch(() => {});
    return removed;
  };

  links.handle(kinds.delete, async (incoming) => deleteOk.write({ freed: await serve(incoming) }));

  return {
    async start() {
      for (const recordKey of new Set(held.of().map((root) => held.get(root)!.recordKey))) await remove(recordKey);
    },
    merged({ recordKey, tombstone }) {
      if (tombstone === undefined || held.of(recordKey).length === 0) return;
      remove(recordKey).catch((error: unknown) => log('error', 'deleted shards not removed', { code: errorCode(error) }));
    },
    remove,
  };
}
