import type { Membership } from './membership.ts';
import type { HolderView } from './snapshot.ts';

/** How a holder stands with us. */
export interface Standing {
  /** `unknown`: not known now, and may come back. `gone`: not seen for so long that it is missed no more. */
  readonly state: HolderView['state'] | 'gone';
  /** What fails with it: its failure domain where that is known, else itself alone. */
  readonly domain: string;
  /** When it last was heard of, ms; undefined while it is live, or where that is not known. */
  readonly seenMs: number | undefined;
}

/** The holders that were asked after, and which of them stand otherwise than before. */
export interface Standings {
  of(node: string): Standing;
  /** Looks anew at all that were asked after; gives those that changed. */
  changed(): ReadonlySet<string>;
  /** Forgets all but these. */
  keep(nodes: ReadonlySet<string>): void;
}

export type KnownPeers = Pick<Membership, 'peer' | 'mayReturn' | 'seenMs'>;

export function createStandings(membership: KnownPeers): Standings {
  const standings = new Map<string, Standing>();

  return {
    of(node) {
      const known = standings.get(node) ?? standingOf(membership, node);
      standings.set(node, known);
      return known;
    },
    changed() {
      const changed = new Set<string>();
      for (const [node, before] of standings) {
        const after = standingOf(membership, node);
        if (after.state === before.state && after.domain === before.domain && after.seenMs === before.seenMs) continue;
        changed.add(node);
        standings.set(node, after);
      }
      return changed;
    },
    keep(nodes) {
      for (const node of standings.keys()) if (!nodes.has(node)) standings.delete(node);
    },
  };
}

function standingOf(membership: KnownPeers, node: string): Standing {
  const peer = membership.peer(node);
  const state = peer?.state ?? (membership.mayReturn(node) ? 'unknown' : 'gone');
  // A live one is heard of all the time: that would be a change with every heartbeat.
  return { state, domain: peer?.domain ?? node, seenMs: state === 'live' ? undefined : membership.seenMs(node) };
}
