import type { Candidate } from '../core/placement/place.ts';
import type { Changes } from './changes.ts';
import type { Links } from './links/exchange.ts';
import type { Membership } from './membership.ts';
import type { Clock } from './ports.ts';

/** How long a drop waits, from the join on, for the peers already there to say what they lend. */
const settleMs = 2_000;

/** The peers that lend storage. */
export interface Lenders {
  /** Those live and linked now that lend something and have not misbehaved, weighted by the bytes they still take. */
  candidates(): readonly Candidate[];
  /** Resolves once every peer met has said what it lends, or was given the time to: before that a choice of (k, n) would be rash. */
  settled(): Promise<void>;
  /** Signaling has answered for the first time. */
  joined(): void;
}

export function createLenders(options: {
  readonly clock: Clock;
  readonly links: Links;
  readonly membership: Membership;
  readonly changes: Changes;
  /** Whether a verdict fell on this peer. */
  readonly marked: (node: string) => boolean;
}): Lenders {
  const { clock, links, membership, changes, marked } = options;
  let joinedMs: number | undefined;

  return {
    candidates: () =>
      membership
        .peers()
        .filter(({ node, state, free }) => state === 'live' && free > 0 && !marked(node) && links.session(node) !== undefined)
        .map(({ node, free, domain }) => ({ node, weight: free, domain })),
    async settled() {
      for (;;) {
        const met = membership.peers();
        const open = met.some(({ state, declared }) => state === 'connecting' || (state === 'live' && !declared));
        const leftMs = joinedMs === undefined ? undefined : joinedMs + settleMs - clock.now();
        if (leftMs !== undefined && (leftMs <= 0 || (met.length > 0 && !open))) return;
        await changes.next(leftMs);
      }
    },
    joined() {
      joinedMs ??= clock.now();
    },
  };
}
