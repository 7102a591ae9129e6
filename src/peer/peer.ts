import type { Capability } from '../core/crypto/capability.ts';
import { errorCode, ShoalError, type Verdict } from '../core/errors.ts';
import { createAuthority } from './authority.ts';
import { createChanges } from './changes.ts';
import { createOwnClaims } from './claims.ts';
import { createDescriptors } from './descriptors.ts';
import { type Receive, receiveIdOf, startReceive } from './download.ts';
import { createEvents } from './events.ts';
import { createFiles, type DroppedFile } from './files.ts';
import { hold } from './hold.ts';
import { createLinks } from './links/links.ts';
import { createLenders } from './lenders.ts';
import { createMarks } from './marks.ts';
import { createMembership, type Membership } from './membership.ts';
import { createOwnFiles } from './own-files.ts';
import type { Clock, Codec, Crypto, Dialer, Identity, Log, MetaStore, Random, ShardStore, Signaling, Sink } from './ports.ts';
import { createRecords } from './records.ts';
import type { Snapshot } from './snapshot.ts';

/** Least time between two snapshots. */
const snapshotMs = 100;
/** Links opened here that are remembered. */
const receivesMax = 50;

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
}

export interface Peer {
  /** Opens the stores and joins the swarm. */
  start(): Promise<void>;
  /** Says `bye` and closes every link. */
  stop(): Promise<void>;
  /** Begins an upload; gives the file's id. */
  drop(file: DroppedFile): string;
  /** Cancels an upload; one that has ended without success is taken off the list. */
  cancel(fileId: string): void;
  /** Lends `capacity` bytes; 0 lends nothing more. */
  contribute(capacity: number): Promise<void>;
  /** Begins to look for the file of an R capability, unless that is under way; gives the receive's id. */
  open(capability: Extract<Capability, { right: 'read' }>): string;
  /** Writes the file to the sink; resolves when all of it was verified and handed over. */
  download(receiveId: string, sink: Sink): Promise<void>;
  cancelReceive(receiveId: string): void;
  snapshot(): Snapshot;
  /** Calls `listener` after changes, at most 10 times a second. */
  watch(listener: (snapshot: Snapshot) => void): void;
}

/** One peer, whole: the same procedures in a tab, in Node and in the simulator. */
export function createPeer(options: PeerOptions): Peer {
  const { clock, random, crypto, identity, signaling, dialer, shards, meta, codec, log, swarm } = options;
  const changes = createChanges(clock);
  const events = createEvents(clock);
  const receives = new Map<string, Receive>();
  const listeners: ((snapshot: Snapshot) => void)[] = [];
  const marks = createMarks();
  let signalingState: 'connecting' | 'joined' | 'lost' = 'connecting';
  let publishing = false;

  const changed = (): void => {
    if (publishing) return;
    publishing = true;
    clock.timer(snapshotMs, () => {
      publishing = false;
      const taken = snapshot();
      for (const listener of listeners) listener(taken);
    });
  };
  const swarmChanged = (): void => {
    changes.notify();
    changed();
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
    events: {
      opened(session) {
        membership.opened(session);
        events.add({ kind: 'peer', what: 'linked', node: session.node });
      },
      closed(node, bye) {
        membership.closed(node, bye);
        events.add({ kind: 'peer', what: bye ? 'left' : 'gone', node });
      },
      peers: (peers) => membership.introduced(peers),
      signaling(state) {
        if (state !== signalingState) events.add({ kind: 'signaling', state });
        signalingState = state;
        if (state === 'joined') lenders.joined();
        swarmChanged();
      },
      refused(node, code, reason) {
        events.add({ kind: 'refused', code, detail: reason, ...(node === undefined ? {} : { node }) });
        changed();
      },
      verdict,
    },
  });
  const membership: Membership = createMembership({
    clock,
    crypto,
    node: identity.node,
    links,
    usage: () => shards.usage(),
    log,
    changed: swarmChanged,
  });
  const lenders = createLenders({ clock, links, membership, changes, marked: (node) => marks.has(node) });
  const records = createRecords({ clock, crypto, links, meta, log });
  const authority = createAuthority({ clock, crypto, self: links.self, swarm });
  const claims = createOwnClaims({ clock, node: identity.node, shards, records, self: links.self, persisted: options.persisted });
  hold({
    clock,
    crypto,
    links,
    shards,
    authority,
    claims,
    descriptors: createDescriptors(crypto),
    stored(place, from) {
      membership.usageChanged();
      events.add({ kind: 'hold', what: 'stored', node: from, segment: place.segment, shard: place.shard });
      changed();
    },
  });

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
    changed,
    ownFiles: createOwnFiles(meta, identity.vault, random, log),
    event: (event) => events.add(event),
  });

  const receive = (id: string): Receive => {
    const found = receives.get(id);
    if (found === undefined) throw new ShoalError('not-found', 'this link is not open here');
    return found;
  };

  const named = (id: string): { readonly file?: string } => {
    const name = receives.get(id)?.view().name;
    return name === undefined ? {} : { file: name };
  };

  const snapshot = (): Snapshot => {
    const usage = shards.usage();
    return {
      self: {
        ...usage,
        node: links.self,
        signaling: signalingState,
        contributing: usage.capacity > 0,
        persisted: options.persisted(),
        check: { total: 0, checked: 0, lost: 0 },
        shards: claims.count(),
      },
      peers: membership.peers().map(({ node, state, domain, capacity: lent, used: taken }) => {
        const stats = links.session(node)?.stats;
        return {
          node,
          state,
          linked: stats !== undefined,
          ...(domain === undefined ? {} : { domain }),
          capacity: lent,
          used: taken,
          sent: stats?.sent ?? 0,
          received: stats?.received ?? 0,
          verdicts: marks.of(node),
        };
      }),
      files: files.views(),
      receives: [...receives.values()].reverse().map((each) => each.view()),
      events: events.list(),
    };
  };

  return {
    async start() {
      await shards.start();
      await claims.start();
      links.start();
      await files.start();
      changed();
    },
    async stop() {
      files.stop();
      for (const each of receives.values()) each.close();
      membership.stop();
      await links.stop();
    },
    drop: (file) => files.drop(file),
    cancel: (id) => files.cancel(id),
    async contribute(capacity) {
      await shards.setCapacity(capacity);
      membership.usageChanged();
      changed();
    },
    open(capability) {
      const id = receiveIdOf(capability);
      const before = receives.get(id);
      if (before !== undefined && before.view().state !== 'failed') return id;
      before?.close();
      receives.delete(id);
      receives.set(id, startReceive({ clock, links, records, codec, log, changes, capability, verdict, changed }));
      const [oldest] = receives.keys();
      if (receives.size > receivesMax && oldest !== undefined) {
        receives.get(oldest)?.close();
        receives.delete(oldest);
      }
      changed();
      return id;
    },
    async download(id, sink) {
      try {
        await receive(id).download(sink);
        events.add({ kind: 'download', what: 'done', ...named(id) });
      } catch (error) {
        events.add({ kind: 'download', what: 'failed', code: errorCode(error), ...named(id) });
        throw error;
      } finally {
        changed();
      }
    },
    cancelReceive: (id) => receives.get(id)?.cancel(),
    snapshot,
    watch(listener) {
      listeners.push(listener);
      listener(snapshot());
    },
  };
}
