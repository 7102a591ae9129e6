import type { Candidate } from '../core/placement/place.ts';
import type { Changes } from './changes.ts';
import type { Links } from './links/exchange.ts';
import type { Membership } from './membership.ts';
import type { PeerInfo } from './peer-state.ts';
import type { Clock } from './ports.ts';

/** How long a drop waits for a first peer that lends, from the join on, or from the first link where that came later. */
const settleMs = 2_000;
/** Once one lends: how long it waits at most, from then on, for the others met to say what they lend. */
const formingMs = 10_000;
/** Who came after the join may be the first of several, opened one after another: nobody else for so long, and the swarm counts as whole. */
const quietMs = 3_000;

/** The peers that lend storage. */
export interface Lenders {
  /** Those live and linked now that lend something and have not misbehaved, weighted by the bytes they still take. */
  candidates(): readonly Candidate[];
  /** Resolves once everyone met has said what they lend and nobody new comes, or was given the time to (SPEC UP-1): a choice of (k, m) before would be rash. */
  settled(): Promise<void>;
  /** Everyone signaling knows of now. The first list is that of the join. */
  introduced(nodes: readonly string[]): void;
  /** The swarm changed. */
  changed(): void;
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
  /** Those on the last list, and when the first one came. */
  let listed: { readonly joinedMs: number; readonly nodes: ReadonlySet<string> } | undefined;
  /** When those came who had not been on the list. */
  const arrivals = new Map<string, number>();
  /** Since when at least one peer is linked, and since when one lends. */
  let linkedMs: number | undefined;
  let firstMs: number | undefined;

  const lends = ({ node, state, free }: PeerInfo): boolean =>
    state === 'live' && free > 0 && !marked(node) && links.session(node) !== undefined;
  const candidates = (): Candidate[] =>
    membership
      .peers()
      .filter(lends)
      .map(({ node, free, domain, network }) => ({ node, weight: free, domain, network }));

  /** How much longer to wait, unless something changes; 0 = no more, undefined = until something does. */
  const leftMs = (): number | undefined => {
    if (listed === undefined) return undefined;
    const met = membership.peers();
    const open = met.some(({ state, declared }) => state === 'connecting' || (state === 'live' && !declared));
    // Who lends nothing, such as a command that joins for its own time, is no sign of others to come.
    const arrivedMs = Math.max(-Infinity, ...candidates().map(({ node }) => arrivals.get(node) ?? -Infinity));
    const quietLeftMs = arrivedMs + quietMs - clock.now();
    const aloneMs = Math.max(listed.joinedMs, linkedMs ?? 0) + settleMs;
    const mostMs = (firstMs === undefined ? aloneMs : firstMs + formingMs) - clock.now();
    if (!open && met.length > 0) return Math.max(0, Math.min(firstMs === undefined ? 0 : quietLeftMs, mostMs));
    return Math.max(0, mostMs);
  };

  const changed = (): void => {
    linkedMs = links.sessions().length === 0 ? undefined : (linkedMs ?? clock.now());
    const hasAny = links.sessions().some(({ node }) => {
      const peer = membership.peer(node);
      return peer !== undefined && lends(peer);
    });
    firstMs = hasAny ? (firstMs ?? clock.now()) : undefined;
  };

  return {
    candidates,
    changed,
    async settled() {
      for (let left = leftMs(); left !== 0; left = leftMs()) await changes.next(left);
    },
    introduced(nodes) {
      const named = new Set(nodes);
      for (const node of named) if (listed?.nodes.has(node) === false) arrivals.set(node, clock.now());
      for (const node of arrivals.keys()) if (!named.has(node)) arrivals.delete(node);
      listed = { joinedMs: listed?.joinedMs ?? clock.now(), nodes: named };
    },
  };
}
