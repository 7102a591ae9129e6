import type { OwnClaims } from './claims.ts';
import type { Events } from './events.ts';
import type { Files } from './files.ts';
import type { Links } from './links/exchange.ts';
import type { Marks } from './marks.ts';
import type { Membership } from './membership.ts';
import type { ShardStore } from './ports.ts';
import type { PeerView, SelfView, Snapshot } from './snapshot.ts';
import type { Upkeep } from './upkeep.ts';

/** Where the parts of a snapshot come from. */
export interface SnapshotSources {
  readonly links: Pick<Links, 'self' | 'session'>;
  readonly membership: Pick<Membership, 'peers'>;
  readonly marks: Pick<Marks, 'of'>;
  readonly shards: Pick<ShardStore, 'usage'>;
  readonly claims: Pick<OwnClaims, 'count'>;
  /** Missing before the start. */
  readonly upkeep: Pick<Upkeep, 'check' | 'needed' | 'receives'> | undefined;
  readonly files: Pick<Files, 'views'>;
  readonly events: Pick<Events, 'list'>;
  readonly signaling: Pick<SelfView, 'signaling' | 'signalingRetryMs'>;
  readonly persisted: () => boolean;
}

/** Everything a peer shows of itself, now. */
export function takeSnapshot(from: SnapshotSources): Snapshot {
  return {
    self: selfView(from),
    peers: peerViews(from),
    files: from.files.views(),
    receives: from.upkeep?.receives.views() ?? [],
    events: from.events.list(),
  };
}

function selfView({ links, shards, claims, upkeep, signaling, persisted }: SnapshotSources): SelfView {
  const usage = shards.usage();
  return {
    ...usage,
    node: links.self,
    ...signaling,
    contributing: usage.capacity > 0,
    persisted: persisted(),
    check: upkeep?.check() ?? { total: 0, checked: 0, lost: 0 },
    shards: claims.count(),
    needed: upkeep?.needed() === true,
  };
}

function peerViews({ links, membership, marks }: SnapshotSources): PeerView[] {
  return membership.peers().map(({ node, state, domain, region, local, capacity, used }) => {
    const stats = links.session(node)?.stats;
    return {
      node,
      state,
      linked: stats !== undefined,
      ...(domain === undefined ? {} : { domain }),
      ...(region === undefined ? {} : { region }),
      ...(local ? { local } : {}),
      capacity,
      used,
      sent: stats?.sent ?? 0,
      received: stats?.received ?? 0,
      verdicts: marks.of(node),
    };
  });
}
