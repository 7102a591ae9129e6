import type { PeerView } from '../../src/peer/snapshot.ts';

/**
 * Without those that lent nothing and have left: each command that joined for its own time is one, and nobody misses it. A peer that
 * misbehaved stays.
 */
export function withoutVisitors(peers: readonly PeerView[]): PeerView[] {
  return peers.filter(({ state, capacity, used, verdicts }) => state !== 'away' || capacity + used > 0 || verdicts.length > 0);
}

/** A failure domain as its operator called it, or the beginning of the server's hint. */
export function domainName(domain: string | undefined): string {
  if (domain === undefined) return '-';
  return domain.startsWith('label:') ? domain.slice('label:'.length) : domain.slice(0, 8);
}
