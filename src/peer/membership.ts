import { encodeSigned, signingBytes } from '../core/object/signed.ts';

import { encodeHeartbeatBody, heartbeatLabel, parseHeartbeat } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds } from '../core/wire/kinds.ts';
import { nodeId } from '../core/crypto/keys.ts';
import type { Links, Session } from './links/exchange.ts';
import type { Clock, Crypto, Introduction, Log, Signer, Usage } from './ports.ts';

/** Silence after which a peer is suspect, then away (SPEC MEM-1). A lost link makes it suspect at once, a `bye` away at once. */
const suspectAfterMs = 75_000;
const awayAfterMs = 150_000;
/** How often silence is looked for: the two bounds above are met this late at most. */
const reviewMs = 5_000;
const heartbeatIdleMs = 30_000;
/** After a change of usage the next heartbeat comes this soon, so that a burst of stores makes one. */
const heartbeatSoonMs = 500;
/** Peers away are remembered up to this many in all. */
const peersMax = 1_000;

export type PeerState = 'connecting' | 'live' | 'suspect' | 'away';

/** What is known of one other peer. Bytes as it last said; 0 until its first heartbeat. */
export interface PeerInfo {
  readonly node: string;
  readonly state: PeerState;
  readonly domain: string | undefined;
  readonly capacity: number;
  readonly used: number;
  /** Bytes it would still take: capacity - headroom - used - reserved, at least 0. */
  readonly free: number;
  /** Whether it has said what it lends. */
  readonly declared: boolean;
}

export interface Membership {
  /** Every peer known, in the order met. */
  peers(): readonly PeerInfo[];
  peer(node: string): PeerInfo | undefined;
  /** Tells the linked peers soon that the own usage changed. */
  usageChanged(): void;
  opened(session: Session): void;
  closed(node: string, bye: boolean): void;
  /** Everyone signaling knows of now. A peer that was never met and is not among them any more is forgotten. */
  introduced(peers: readonly Introduction[]): void;
  stop(): void;
}

interface Entry {
  state: PeerState;
  domain: string | undefined;
  capacity: number;
  used: number;
  free: number;
  heardMs: number;
  incarnation: number;
  seq: number;
}

/**
 * Who is there, by heartbeats: signed statements of capacity and use on every link, every 30 s and soon after a change.
 * Only heartbeats decide who is live: a dead worker behind a live page keeps its channel open for ever.
 */
export function createMembership(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly node: Signer;
  readonly links: Links;
  readonly usage: () => Usage;
  readonly log: Log;
  readonly changed: () => void;
}): Membership {
  const { clock, crypto, node, links, usage, log, changed } = options;
  const entries = new Map<string, Entry>();
  const incarnation = clock.now();
  let seq = 0;
  let stopped = false;
  let nextBeatMs = Infinity;
  let cancelBeat = (): void => {};
  let cancelReview = (): void => {};

  const entryOf = (id: string): Entry => {
    const known = entries.get(id);
    if (known !== undefined) return known;
    forgetOne();
    const entry: Entry = { state: 'connecting', domain: undefined, capacity: 0, used: 0, free: 0, heardMs: 0, incarnation: 0, seq: 0 };
    entries.set(id, entry);
    return entry;
  };

  const forgetOne = (): void => {
    if (entries.size < peersMax) return;
    const gone = [...entries].find(([, { state }]) => state === 'away') ?? [...entries][0];
    if (gone !== undefined) entries.delete(gone[0]);
  };

  const sign = async (): Promise<Uint8Array> => {
    const { capacity, used, reserved, headroom } = usage();
    const body = encodeHeartbeatBody({
      node: node.publicKey,
      incarnation,
      seq: ++seq,
      class: 0,
      capacity,
      used,
      reserved,
      headroom,
      ts: clock.now(),
    });
    return encodeSigned(body, await node.sign(signingBytes(heartbeatLabel, body)));
  };

  const beat = async (to: readonly Session[]): Promise<void> => {
    if (to.length === 0) return;
    const signed = await sign();
    for (const session of to) session.notify(kinds.heartbeat, heartbeatBody.write({ signed }));
  };

  const report = (error: unknown): void => log('error', 'heartbeat failed', { detail: String(error) });

  /** The next heartbeat in `ms`, or sooner where one is due before: a run of changes does not put it off. */
  const schedule = (ms: number): void => {
    const atMs = clock.now() + ms;
    if (stopped || nextBeatMs <= atMs) return;
    cancelBeat();
    nextBeatMs = atMs;
    cancelBeat = clock.timer(ms, () => {
      nextBeatMs = Infinity;
      beat(links.sessions()).catch(report);
      schedule(heartbeatIdleMs);
    });
  };

  const stateAfter = (state: PeerState, silentMs: number): PeerState => {
    if (state !== 'live' && state !== 'suspect') return state;
    return silentMs >= awayAfterMs ? 'away' : silentMs >= suspectAfterMs ? 'suspect' : state;
  };

  const reviewSilence = (): void => {
    cancelReview = clock.timer(reviewMs, reviewSilence);
    const now = clock.now();
    const found = [...entries.values()].filter((entry) => stateAfter(entry.state, now - entry.heardMs) !== entry.state);
    for (const entry of found) entry.state = stateAfter(entry.state, now - entry.heardMs);
    if (found.length > 0) changed();
  };

  const heard = async (session: Session, signed: Uint8Array): Promise<void> => {
    const { heartbeat, body, signature } = parseHeartbeat(signed);
    // On a direct link a peer speaks for itself alone.
    if (nodeId(heartbeat.node) !== session.node) return;
    if (!(await crypto.verify(heartbeat.node, signingBytes(heartbeatLabel, body), signature))) return;
    // It may have left while the signature was looked at, and who left is not live.
    if (links.session(session.node) !== session) return;
    const entry = entryOf(session.node);
    const older = heartbeat.incarnation - entry.incarnation || heartbeat.seq - entry.seq;
    if (older <= 0) return;
    const { capacity, used, reserved, headroom } = heartbeat;
    Object.assign(entry, {
      state: 'live',
      capacity,
      used,
      free: Math.max(0, capacity - headroom - used - reserved),
      heardMs: clock.now(),
      incarnation: heartbeat.incarnation,
      seq: heartbeat.seq,
    });
    changed();
  };

  links.onNotify(kinds.heartbeat, (session, body) => {
    heard(session, heartbeatBody.read(body).signed).catch((error: unknown) =>
      log('warn', 'heartbeat refused', { detail: error instanceof Error ? error.message : 'unknown' }),
    );
  });
  schedule(heartbeatIdleMs);
  reviewSilence();

  return {
    peers: () => [...entries].map(([id, entry]) => ({ node: id, ...view(entry) })),
    peer: (id) => {
      const entry = entries.get(id);
      return entry === undefined ? undefined : { node: id, ...view(entry) };
    },
    usageChanged: () => schedule(heartbeatSoonMs),
    opened(session) {
      const entry = entryOf(session.node);
      entry.state = 'live';
      entry.heardMs = clock.now();
      changed();
      beat([session]).catch(report);
    },
    closed(id, bye) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.state = bye ? 'away' : 'suspect';
      changed();
    },
    introduced(peers) {
      const listed = new Set(peers.map(({ node: id }) => id));
      for (const [id, { state }] of entries) if (state === 'connecting' && !listed.has(id)) entries.delete(id);
      for (const each of peers) entryOf(each.node).domain = each.domain;
      changed();
    },
    stop() {
      stopped = true;
      cancelBeat();
      cancelReview();
    },
  };
}

const view = ({ state, domain, capacity, used, free, seq }: Entry): Omit<PeerInfo, 'node'> => ({
  state,
  domain,
  capacity,
  used,
  free,
  declared: seq > 0,
});
