import { ShoalError } from '../../core/errors.ts';
import { blockSequence, requireMetaOf } from '../../core/storage/shard.ts';
import type { Place, StagedShard } from '../../peer/ports.ts';
import { encodeHeader } from './shard-file.ts';
import type { StagedFile } from './staged-file.ts';

interface Staging {
  readonly place: Place;
  readonly length: number;
  readonly file: StagedFile;
  /** Runs what writes to the disk, and takes note when that is full. */
  readonly onDisk: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether the store still knows of this staging. */
  readonly isOpen: () => boolean;
  /** Turns the reservation into use, or gives it back. */
  readonly end: (committed: boolean) => void;
}

/** One shard being staged in a file. Its reservation is there already. */
export function stagedShard({ place, length, file, onDisk, isOpen, end }: Staging): StagedShard {
  const blocks = blockSequence(length);
  let open = true;
  let committing: Promise<void> | undefined;
  let discarding: Promise<void> | undefined;

  const requireOpen = (): void => {
    if (!open || !isOpen()) throw new ShoalError('cancelled', 'The staging has ended.');
  };

  const giveBack = async (): Promise<void> => {
    const committed = await committing?.then(
      () => true,
      () => false,
    );
    if (committed || !isOpen()) return;
    await file.remove();
    end(false);
  };

  return {
    async write(block) {
      requireOpen();
      blocks.next(block.length);
      await onDisk(() => file.append(block));
    },
    async commit(meta) {
      requireOpen();
      requireMetaOf(place, length, meta);
      blocks.requireComplete();
      open = false;
      const header = encodeHeader(meta);
      committing = onDisk(() => file.publish(header)).then(() => end(true));
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
