import type { Checker } from './checker.ts';

/** What a peer keeps and what it has promised room for never exceed nine tenths of what it lends, counted on its disk. */
export const capacityHolds: Checker = {
  invariant: 'capacity-never-passed',
  watch: ({ machine, check }) => ({
    staged({ node, honest }) {
      const found = machine(node);
      // In its first life nobody knows it before it has started, and nobody stores there.
      if (found === undefined || !honest) return;
      const { held, staged } = found.last.disk;
      let bytes = 0;
      for (const shard of held.values()) bytes += shard.bytes.length;
      for (const shard of staged.values()) bytes += shard.length;
      const most = found.capacity - Math.ceil(found.capacity / 10);
      check(bytes <= most, () => `${bytes} bytes are kept or promised where at most ${most} may be`, node);
    },
  }),
};
