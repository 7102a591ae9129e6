import { equalBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { recordKey } from '../core/crypto/keys.ts';
import { errorCode } from '../core/errors.ts';
import { leafBytes, merkleRoot } from '../core/merkle/tree.ts';
import { blockBytes } from '../core/object/geometry.ts';
import { placeKey } from '../core/storage/shard.ts';
import type { Changed } from './changes.ts';
import type { OwnClaims } from './claims.ts';
import type { Clock, Crypto, Log, Place, ShardMeta, ShardStore } from './ports.ts';
import type { CheckView } from './snapshot.ts';
import type { Task } from './task.ts';
import { type Carriers, carriedBytes, movingBytes } from './traffic.ts';

/** Pause before each shard: while nothing else moves, and while data does. */
const pauseMs = 100;
const busyPauseMs = 2_000;

/** Looks, after every start, whether what is held is really there: a list of shards is no proof (SPEC HOLD-7). */
export interface SelfCheck {
  /** Checks every shard once, one after another. Resolves when it is done, or cannot go on. */
  run(): Promise<void>;
  view(): CheckView;
}

export function createSelfCheck(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly shards: ShardStore;
  readonly links: Carriers;
  readonly claims: Pick<OwnClaims, 'places' | 'missing' | 'remove'>;
  readonly log: Log;
  readonly changed: Changed;
  /** A shard that was claimed is not held any more; the record that says it is has this key. */
  readonly lost: (place: Place, recordKey: string) => void;
  /** Ends with the peer. */
  readonly task: Task;
}): SelfCheck {
  const { clock, crypto, shards, links, claims, log, changed, task } = options;
  const check = { total: 0, checked: 0, lost: 0 };
  let carried = 0;

  const pause = (): Promise<void> => {
    const now = carriedBytes(links);
    const isBusy = Math.abs(now - carried) >= movingBytes;
    carried = now;
    return task.race(new Promise((resolve) => void clock.timer(isBusy ? busyPauseMs : pauseMs, resolve)));
  };

  const count = (isLost: boolean): void => {
    check.checked++;
    if (isLost) check.lost++;
    changed('figures');
  };

  /** Claims it no more, then frees its room. */
  const lose = async (meta: ShardMeta): Promise<void> => {
    claims.remove(meta);
    await shards.delete(meta);
    options.lost(meta, toHex(recordKey(meta.owner)));
  };

  /** The store has it no more. Whether that is a loss: a shard deleted meanwhile is not claimed any more. Whose it was the records know. */
  const miss = async (place: Place): Promise<boolean> => {
    const key = placeKey(place);
    if (!claims.places().some((claimed) => placeKey(claimed) === key)) return false;
    claims.remove(place);
    for (const missing of await claims.missing()) if (placeKey(missing.place) === key) options.lost(place, missing.recordKey);
    return true;
  };

  /** Whether a shard can be served. What cannot be read twice in a row is as good as gone. */
  const isWhole = async (meta: ShardMeta): Promise<boolean> => {
    try {
      return await isSound(crypto, shards, meta);
    } catch (error) {
      log('warn', 'shard not read', { code: errorCode(error) });
      if (errorCode(error) !== 'internal') throw error;
    }
    await pause();
    return isSound(crypto, shards, meta).catch(() => false);
  };

  const checkAll = async (): Promise<void> => {
    const places = claims.places();
    check.total = places.length;
    for (const { place, recordKey: key } of await claims.missing()) {
      check.total++;
      options.lost(place, key);
      count(true);
    }
    for (const place of places) {
      await pause();
      const meta = await shards.meta(place);
      if (meta === undefined) {
        count(await miss(place));
        continue;
      }
      const isLost = !(await isWhole(meta));
      if (isLost) await lose(meta);
      count(isLost);
    }
  };

  return {
    run: () =>
      checkAll().catch((error: unknown) => {
        // A store that cannot be written has been taken over, or is broken: whoever comes next checks again.
        if (errorCode(error) !== 'cancelled') log('error', 'verification ended early', { code: errorCode(error) });
      }),
    view: () => ({ ...check }),
  };
}

/** Whether every leaf is what its digest says, and the digests are what the signed root says. */
async function isSound(crypto: Crypto, shards: ShardStore, meta: ShardMeta): Promise<boolean> {
  if (!equalBytes(merkleRoot(meta.digests), meta.root)) return false;
  for (let offset = 0; offset < meta.length; offset += blockBytes) {
    const block = await shards.read(meta, offset, Math.min(blockBytes, meta.length - offset));
    if (block === undefined) return false;
    for (let start = 0; start < block.length; start += leafBytes) {
      const leaf = (offset + start) / leafBytes;
      const digest = await crypto.sha256(block.subarray(start, start + leafBytes));
      if (!equalBytes(digest, meta.digests.subarray(32 * leaf, 32 * leaf + 32))) return false;
    }
  }
  return true;
}
