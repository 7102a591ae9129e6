import { ShoalError } from '../../core/errors.ts';
import type { Clock } from '../../peer/ports.ts';

/** A group is written when it has this many blocks, or bytes, or when its first block is this old. */
const groupBlocksMax = 16;
const groupBytesMax = 4 * 1024 * 1024;
const groupWaitMs = 10;

/** One block on its way to the disk. */
export interface Block {
  /** Place as text. */
  readonly place: string;
  readonly index: number;
  readonly bytes: ArrayBuffer;
  /** Whether it is still wanted when its group is written. */
  isWanted(): boolean;
}

export interface BlockWriter {
  /** Resolves when the block is durable. Throws what the write of its group threw, or `cancelled` when it was no longer wanted. */
  add(block: Block): Promise<void>;
  /** Writes what has gathered now. */
  flush(): void;
}

interface Waiting {
  readonly block: Block;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Groups blocks of all shards being staged, so that many share the cost of one durable transaction (a disk flush each).
 * `write` stores one group all or nothing; a group that fails fails every block in it.
 */
export function blockWriter(clock: Clock, write: (blocks: readonly Block[]) => Promise<void>): BlockWriter {
  let group: Waiting[] = [];
  let groupBytes = 0;
  let stopTimer = (): void => {};

  const flush = (): void => {
    stopTimer();
    const waiting = group;
    group = [];
    groupBytes = 0;
    for (const { block, reject } of waiting)
      if (!block.isWanted()) reject(new ShoalError('cancelled', 'The staging of this shard has ended.'));
    const wanted = waiting.filter(({ block }) => block.isWanted());
    if (wanted.length === 0) return;
    write(wanted.map(({ block }) => block)).then(
      () => wanted.forEach(({ resolve }) => resolve()),
      (error: unknown) => wanted.forEach(({ reject }) => reject(error)),
    );
  };

  return {
    add(block) {
      return new Promise((resolve, reject) => {
        if (group.length === 0) stopTimer = clock.timer(groupWaitMs, flush);
        group.push({ block, resolve, reject });
        groupBytes += block.bytes.byteLength;
        if (group.length === groupBlocksMax || groupBytes >= groupBytesMax) flush();
      });
    },
    flush,
  };
}
