import { controlQueueBytesMax, warmWindowBytes } from '../../core/wire/limits.ts';
import type { Checker } from './checker.ts';

/** Bounds on what a peer keeps in memory and beside: what waits in the buffer of a link, and how long a record is. */
export const queuesHold: Checker = {
  invariant: 'queues-never-passed',
  watch: ({ check }) => ({
    queued({ node, honest }, bufferedAmount) {
      if (honest) check(bufferedAmount <= warmWindowBytes, () => `${bufferedAmount} bytes wait in the buffer of one link`, node);
    },
    kept({ node, honest }, kind, _key, value) {
      if (honest) check(value.length <= controlQueueBytesMax, () => `a ${kind} of ${value.length} bytes is kept`, node);
    },
  }),
};
