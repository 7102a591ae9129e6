import { ShoalError } from '../../core/errors.ts';
import type { Clock } from '../../peer/ports.ts';

/** Blocks of which a group is written: so few where no other is being written, so many in any case. */
const groupBlocksEnough = 4;
const groupBlocksMax = 16;
/** Or its first block is so old; or so long ago a commit began to wait for it. */
const gatherMs = 1_000;
const hurryMs = 10;

/** One block on its way to the disk. */
export interface Block {
  /** Place as text. */
  readonly place: string;
  readonly index: number;
  /** Not changed until it was written. */
  readonly bytes: Uint8Array;
  /** Whether it is still wanted when its group is written. */
  isWanted(): boolean;
}

export interface BlockWriter {
  /** Resolves when the block is durable. Throws what the write of its group threw, or `cancelled` when it was no longer wanted. */
  add(block: Block): Promise<void>;
  /** A commit waits for what has gathered. */
  hurry(): void;
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
  let groupsUnderWay = 0;
  let stopTimer = (): void => {};

  const flush = (): void => {
    stopTimer();
    const waiting = group;
    group = [];
    const wanted = waiting.filter(({ block, reject }) => {
      if (block.isWanted()) return true;
      reject(new ShoalError('cancelled', 'The staging has ended.'));
      return false;
    });
    if (wanted.length === 0) return;
    groupsUnderWay++;
    const end = (settle: (waiting: Waiting) => void): void => {
      wanted.forEach(settle);
      groupsUnderWay--;
      flushEnough();
    };
    write(wanted.map(({ block }) => block)).then(
      () => end(({ resolve }) => resolve()),
      (error: unknown) => end(({ reject }) => reject(error)),
    );
  };

  const flushEnough = (): void => {
    if (group.length >= (groupsUnderWay > 0 ? groupBlocksMax : groupBlocksEnough)) flush();
  };

  /** Writes the group, whatever it has by then, in so many ms. */
  const flushIn = (ms: number): void => {
    stopTimer();
    stopTimer = clock.timer(ms, flush);
  };

  return {
    add(block) {
      return new Promise((resolve, reject) => {
        if (group.length === 0) flushIn(gatherMs);
        group.push({ block, resolve, reject });
        flushEnough();
      });
    },
    hurry: () => flushIn(hurryMs),
  };
}
