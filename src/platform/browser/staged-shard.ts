import { ShoalError } from '../../core/errors.ts';
import { blockSequence, placeKey, requireMetaOf } from '../../core/storage/shard.ts';
import type { Place, ShardMeta, StagedShard } from '../../peer/ports.ts';
import type { BlockWriter } from './block-writer.ts';
import { removeRows, type ChangeShards } from './shard-rows.ts';

interface Staging {
  readonly place: Place;
  readonly length: number;
  readonly changeShards: ChangeShards;
  readonly writer: BlockWriter;
}

/** One shard being staged in IndexedDB. Its row and its reservation are there already. */
export function stagedShard({ place, length, changeShards, writer }: Staging): StagedShard {
  const key = placeKey(place);
  const blocks = blockSequence(length);
  const writes: Promise<void>[] = [];
  let open = true;
  let committing: Promise<void> | undefined;
  let discarding: Promise<void> | undefined;

  const requireOpen = (): void => {
    if (!open) throw new ShoalError('cancelled', 'The staging has ended.');
  };

  /** Waits for the blocks, so that a commit never names bytes that are not there. */
  const makeVisible = async (row: ShardMeta): Promise<void> => {
    writer.hurry();
    await Promise.all(writes);
    await changeShards(async (tx) => {
      await tx.objectStore('meta').put(row, key);
      return { used: length, reserved: -length };
    });
  };

  const giveBack = async (): Promise<void> => {
    const committed = await committing?.then(
      () => true,
      () => false,
    );
    if (committed) return;
    await changeShards(async (tx) => {
      await removeRows(tx, key);
      return { reserved: -length };
    });
  };

  return {
    async write(block) {
      requireOpen();
      const index = blocks.next(block.length);
      const written = writer.add({ place: key, index, bytes: block, isWanted: () => discarding === undefined });
      written.catch(() => {});
      writes.push(written);
      await written;
    },
    async commit(meta) {
      requireOpen();
      requireMetaOf(place, length, meta);
      blocks.requireComplete();
      open = false;
      const { contentRoot, segment, shard, root, digests, owner, lease } = meta;
      committing = makeVisible({ contentRoot, segment, shard, length, root, digests, owner, lease });
      await committing;
    },
    discard() {
      open = false;
      discarding ??= giveBack().catch((error: unknown) => {
        discarding = undefined;
        throw error;
      });
      return discarding;
    },
  };
}
