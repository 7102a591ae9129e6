import type { Membership } from './membership.ts';
import type { HolderView } from './snapshot.ts';

/** How a holder stands with us. */
export interface Standing {
  /** `unknown`: not known now, and may come back. `gone`: not seen for so long that it is missed no more. */
  readonly state: HolderView['state'] | 'gone';
  /** What fails with it: its failure domain where that is known, else itself alone. */
  readonly domain: string;
  /** The network that it is in, where that is known, else itself. */
  readonly network: string;
  /** It is on the signaling server's machine. */
  readonly local: boolean;
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

const compared = ['state', 'domain', 'network', 'local', 'seenMs'] as const;

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
        if (compared.every((key) => after[key] === before[key])) continue;
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
  const seenMs = state === 'live' ? undefined : membership.seenMs(node);
  return { state, domain: peer?.domain ?? node, network: peer?.network ?? node, local: peer?.local === true, seenMs };
}
