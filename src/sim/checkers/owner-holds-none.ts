import type { Checker } from './checker.ts';

/** An owner keeps no shard of their own objects: a second copy at the same place is none. */
export const ownersHoldNone: Checker = {
  invariant: 'owner-holds-no-own-shard',
  watch: ({ ledger, check }) => ({
    committed({ node, honest }, { owner, contentRoot }) {
      if (honest) check(ledger.object(owner)?.owner !== node, () => `a shard of ${contentRoot.slice(0, 8)} is at its owner`, node);
    },
  }),
};
