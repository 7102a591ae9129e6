import type { Capability } from '../core/crypto/capability.ts';
import { ShoalError, type Verdict } from '../core/errors.ts';
import type { FilePart } from '../core/object/excerpt.ts';
import { createAuthority } from './authority.ts';
import { type Changed, createChanges } from './changes.ts';
import { createOwnClaims, type OwnClaims } from './claims.ts';
import { createDigests } from './digests.ts';
import { createEvents } from './events.ts';
import { createFiles, type DroppedFile } from './files.ts';
import { createOwnHeartbeats, type PeerHints } from './heartbeats.ts';
import type { Freed } from './held-objects.ts';
import { createKeepers } from './keepers.ts';
import type { Caps } from './links/cap.ts';
import type { Links } from './links/exchange.ts';
import { createLinks } from './links/links.ts';
import { createLenders, type Lenders } from './lenders.ts';
import { createMarks } from './marks.ts';
import { createMembership, type Membership } from './membership.ts';
import { createOwnFiles } from './own-files.ts';
import { defaultPolicy, type Policy } from './policy.ts';
import type { Clock, Codec, Crypto, Dialer, Identity, LinkMeter, Log, MetaStore, Random, ShardStore, Signaling, Sink } from './ports.ts';
import { createRecords, type Records } from './records.ts';
import { createShowing } from './showing.ts';
import type { EventDetail, SelfView, Snapshot } from './snapshot.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { createTask } from './task.ts';
import type { createUpkeep, Upkeep } from './upkeep.ts';

/** Everything a peer is made of. */
export interface PeerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly identity: Identity;
  readonly signaling: Signaling;
  readonly dialer: Dialer;
  readonly shards: ShardStore;
  readonly meta: MetaStore;
  readonly codec: Codec;
  readonly log: Log;
  /** Name of the swarm: peers of different ones never meet. */
  readonly swarm: string;
  /** Whether the platform promised to keep stored data. */
  readonly persisted: () => boolean;
  /** What its operator says of it. */
  readonly hints?: PeerHints | undefined;
  /** Gives what the peer does beside storing its own files (upkeep.ts), asked for once, at its start: a page fetches it meanwhile. */
  readonly upkeep: () => Promise<typeof createUpkeep>;
  /** Times of the peer other than its own. */
  readonly policy?: Partial<Policy>;
  /** Counts what links carry, where somebody wants to know. */
  readonly meter?: LinkMeter | undefined;
  /**
   * A peer for one command: it notes own files once they are stored. Who starts in its home meanwhile would take what is begun there for
   * left behind, and delete it.
   */
  readonly brief?: boolean;
  /** Limits on the bandwidth of all links together (SPEC RATE-*); made by `capsOf`, which a tab does without. */
  readonly caps?: Caps;
}

/** Parts of a running peer, for procedures that only some programs need (examine, verify-object): they act as the peer itself would. */
export interface PeerParts {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly log: Log;
  readonly links: Links;
  readonly membership: Membership;
  readonly records: Records;
  readonly shards: ShardStore;
  readonly claims: OwnClaims;
  readonly lenders: Lenders;
  readonly verdict: (verdict: Verdict) => void;
}

export interface Peer {
  readonly parts: PeerParts;
  /** Opens the stores and joins the swarm. */
  start(): Promise<void>;
  /** Says `bye` and closes every link. */
  stop(): Promise<void>;
  /** Begins an upload; gives the file's id. */
  drop(file: DroppedFile): string;
  /** Cancels an upload; one that has ended without success is taken off the list. */
  cancel(fileId: string): void;
  /**
   * Deletes an own file for good, by its id. Resolves when every live holder of it, and one keeper where there is one, confirmed; who is away
   * is told later. Throws `not-found` where it is not an own file, `busy` while it is being stored, or why it was not confirmed: then it
   * goes on, and the file stays on the list as `deleting`.
   */
  remove(fileId: string): Promise<void>;
  /** Renews the lease of one own file, or of all, whatever is left of it; gives how many somebody confirmed. */
  renew(fileId?: string): Promise<{ readonly renewed: number }>;
  /** Removes what is held of one object, by its record key, or of `all`, and says so in the own claims. */
  letGo(which: string): Promise<Freed>;
  /** Lends `capacity` bytes; 0 lends nothing more. */
  contribute(capacity: number): Promise<void>;
  /** Begins to look for the file of an R capability, unless that is under way; gives the receive's id. */
  open(capability: Extract<Capability, { right: 'read' }>): string;
  /** Writes the file, or a part of it, to the sink; resolves when all of it was verified and handed over. */
  download(receiveId: string, sink: Sink, part?: FilePart): Promise<void>;
  cancelReceive(receiveId: string): void;
  snapshot(): Snapshot;
  /** Calls `listener` now and after changes, at most 10 times a second and 4 while only figures move, until the returned function is called. */
  watch(listener: (snapshot: Snapshot) => void): () => void;
}

/** One peer, whole: the same procedures in a tab, in Node and in the simulator. */
export function createPeer(options: PeerOptions): Peer {
  const { clock, random, crypto, identity, signaling, dialer, shards, meta, codec, log, swarm } = options;
  const policy: Policy = { ...defaultPolicy, ...options.policy };
  const changes = createChanges(clock);
  const events = createEvents(clock);
  const event = (what: EventDetail): void => events.add(what);
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const marks = createMarks();
  /** Ends with the peer. */
  const life = createTask('This peer leaves.');
  let signalingView: Pick<SelfView, 'signaling' | 'signalingRetryMs'> = { signaling: 'connecting' };
  let signalingTold: SelfView['signaling'] = 'connecting';
  /** From the start on. */
  let upkeep: Upkeep | undefined;
  const running = (): Upkeep => {
    if (upkeep === undefined) throw new ShoalError('internal', 'This peer does not run yet.');
    return upkeep;
  };

  const showSoon = createShowing(clock, () => {
    const taken = snapshot();
    for (const listener of listeners) listener(taken);
  });
  const changed: Changed = (what) => {
    if (listeners.size > 0) showSoon(what);
  };
  const swarmChanged: Changed = (what) => {
    // Figures come with every heartbeat of every peer, and change neither who lends nor who is there.
    if (what !== 'figures') {
      lenders.changed();
      keepers.changed();
      upkeep?.changed();
    }
    changes.notify();
    changed(what);
  };
  const verdict = (given: Verdict): void => {
    if (marks.add(given)) events.add({ kind: 'verdict', node: given.node, detail: given.detail });
    swarmChanged();
  };

  const links = createLinks({
    clock,
    random,
    crypto,
    identity,
    signaling,
    dialer,
    log,
    swarm,
    meter: options.meter,
    caps: options.caps,
    events: {
      opened(session) {
        membership.opened(session);
        heartbeats.greet(session);
        events.add({ kind: 'peer', what: 'linked', node: session.node });
      },
      closed(node, end) {
        membership.closed(node, end);
        if (end === 'bye') upkeep?.left();
        if (end !== 'spared') events.add({ kind: 'peer', what: end === 'bye' ? 'left' : 'gone', node });
      },
      peers(peers) {
        lenders.introduced(peers.map(({ node }) => node));
        membership.introduced(peers);
      },
      signaling(state, retryMs) {
        signalingView = { signaling: state, ...(retryMs === undefined ? {} : { signalingRetryMs: retryMs }) };
        if (state === 'joined' && signalingTold === 'lost') upkeep?.rejoined();
        // A server that stays away is one event, however often it is tried.
        if (state !== 'connecting' && state !== signalingTold) events.add({ kind: 'signaling', state: (signalingTold = state) });
        swarmChanged();
      },
      refused(node, code, reason) {
        events.add({ kind: 'refused', code, detail: reason, ...(node === undefined ? {} : { node }) });
        changed();
      },
      verdict,
    },
  });
  const membership: Membership = createMembership({ clock, crypto, links, log, changed: swarmChanged });
  const heartbeats = createOwnHeartbeats({
    clock,
    node: identity.node,
    links,
    usage: () => shards.usage(),
    hints: options.hints ?? {},
    log,
  });
  const digests = createDigests({ clock, random, links, membership, log });
  const lenders = createLenders({ clock, links, membership, changes, marked: (node) => marks.has(node) });
  const keepers = createKeepers({ clock, self: links.self, membership });
  const records = createRecords({
    ...{ clock, crypto, links, membership, keepers, meta, log },
    merged(record, before) {
      files.merged(record);
      upkeep?.merged(record, before);
    },
    forgotten: (recordKey) => upkeep?.forgotten(recordKey),
    putOff: (node, recordKey) => upkeep?.putOff(node, recordKey),
  });
  const authority = createAuthority({ clock, crypto, self: links.self, swarm });
  const claims = createOwnClaims({ clock, node: identity.node, shards, records, self: links.self, persisted: options.persisted });

  const ownFiles = createOwnFiles(meta, identity.vault, random, log, options.brief);
  const files = createFiles({
    clock,
    random,
    crypto,
    links,
    membership,
    records,
    authority,
    codec,
    log,
    changes,
    lenders,
    policy,
    changed,
    ownFiles,
    event,
    abandon: (file) => running().abandon(file),
  });

  const snapshot = (): Snapshot =>
    takeSnapshot({
      ...{ links, membership, marks, shards, claims, upkeep, files, events },
      signaling: signalingView,
      persisted: options.persisted,
    });

  return {
    parts: { clock, crypto, log, links, membership, records, shards, claims, lenders, verdict },
    async start() {
      const [create] = await Promise.all([options.upkeep(), shards.start().then(() => claims.start())]);
      const stores = { shards, meta, ownFiles, records, keepers, claims };
      const parts = { clock, random, crypto, log, links, membership, lenders, authority, heartbeats, changes, files };
      upkeep = create({ ...stores, ...parts, codec, verdict, policy, changed, event, task: life });
      links.start();
      await files.start();
      upkeep.start();
      changed();
    },
    async stop() {
      life.end();
      files.stop();
      upkeep?.receives.stop();
      digests.stop();
      heartbeats.stop();
      membership.stop();
      await links.stop();
    },
    drop: (file) => files.drop(file),
    cancel: (id) => files.cancel(id),
    remove: async (id) => running().remove(id),
    renew: async (id) => running().renew(id),
    letGo: async (which) => running().letGo(which),
    async contribute(capacity) {
      await shards.setCapacity(capacity);
      heartbeats.soon();
      changed();
    },
    open: (capability) => running().receives.open(capability),
    download: async (id, sink, part) => running().receives.download(id, sink, part),
    cancelReceive: (id) => upkeep?.receives.cancel(id),
    snapshot,
    watch(listener) {
      listeners.add(listener);
      listener(snapshot());
      return () => void listeners.delete(listener);
    },
  };
}
