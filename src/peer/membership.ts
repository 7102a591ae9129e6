import { equalBytes } from '../core/bytes/compare.ts';
import { isNewer } from '../core/wire/digest.ts';
import { type Heartbeat, parseHeartbeat, type ParsedHeartbeat } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds } from '../core/wire/kinds.ts';
import { peersMax, requestSkewMs } from '../core/wire/limits.ts';
import type { Links, Session, SessionEnd } from './links/exchange.ts';
import {
  type Entry,
  forgettable,
  forgottenAfterMs,
  type PeerInfo,
  peerInfo,
  seenUpMs,
  type SignedHeartbeat,
  stateAfter,
  unmet,
} from './peer-state.ts';
import type { Changed } from './changes.ts';
import type { Clock, Crypto, Introduction, Log } from './ports.ts';

/** How often silence is looked for: the bounds of peer-state are met this late at most. */
const reviewMs = 5_000;
/** A heartbeat that was passed on counts as made after the end of a link only if it was by so much: links have latency. */
const latencyMs = 2_000;
/** When more time than this passed between two looks at silence, the machine slept, and nobody watched. */
const sleptMs = 2 * reviewMs;

export interface Membership {
  /** Every peer known, in the order met. */
  peers(): readonly PeerInfo[];
  peer(node: string): PeerInfo | undefined;
  /** Was here lately, as far as is known: not within the time after which it would be forgotten, or we were not here ourselves. */
  mayReturn(node: string): boolean;
  /** When this peer last heard of it, ms; undefined where that is not known. Remembered of 1,000 peers longer than all else. */
  seenMs(node: string): number | undefined;
  /** The newest heartbeat of each peer that is not away, as it was signed. */
  heartbeats(): readonly SignedHeartbeat[];
  opened(session: Session): void;
  closed(node: string, end: SessionEnd): void;
  /** Everyone signaling knows of now. A peer that was never met and is not among them any more is forgotten. */
  introduced(peers: readonly Introduction[]): void;
  /** Takes in a heartbeat of `node` that another peer passed on. One that says nothing new costs no check of its signature. */
  passedOn(signed: Uint8Array): Promise<void>;
  stop(): void;
}

/**
 * Who is there, by heartbeats: of linked peers by their own, of others by those that linked peers pass on (SPEC MEM-*, DIGEST-*).
 * Only heartbeats decide who is live: a dead worker behind a live page keeps its channel open for ever.
 */
export function createMembership(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly log: Log;
  readonly changed: Changed;
}): Membership {
  const { clock, crypto, links, log, changed } = options;
  const entries = new Map<string, Entry>();
  /** When peers that are forgotten were last heard of, the one forgotten last at the end. */
  const lastSeen = new Map<string, number>();
  /** Since when somebody has watched without a break, up to the last review. */
  let sinceMs = clock.now();
  let reviewedMs = sinceMs;
  /** When this peer last came among others, ms: it started, woke, or had been alone. Whom it met then was there before. */
  let cameMs = sinceMs;
  let cancelReview = (): void => {};

  /** While nobody watched no absence counts. */
  const watchingSinceMs = (): number => (clock.now() - reviewedMs > sleptMs ? clock.now() : sinceMs);
  /** Whoever is missing was missed for long enough. */
  const hasWatchedLong = (): boolean => clock.now() - watchingSinceMs() >= forgottenAfterMs;

  const infoOf = (id: string, entry: Entry): PeerInfo => peerInfo(id, entry, seenUpMs(entry, clock.now(), cameMs));

  const forget = (id: string): void => {
    const seenMs = entries.get(id)?.seenMs;
    entries.delete(id);
    if (seenMs === undefined) return;
    lastSeen.delete(id);
    lastSeen.set(id, seenMs);
    for (const oldest of lastSeen.keys()) {
      if (lastSeen.size <= peersMax) break;
      lastSeen.delete(oldest);
    }
  };

  /** The entry of a peer that was introduced or linked: for it others make room. */
  const entryOf = (id: string): Entry => {
    const known = entries.get(id);
    if (known !== undefined) return known;
    if (entries.size >= peersMax) {
      const gone = forgettable([...entries], (node) => links.session(node) !== undefined);
      if (gone !== undefined) forget(gone);
    }
    const entry = unmet();
    entries.set(id, entry);
    return entry;
  };

  /** Whoever was heard of since the last look was heard of when the machine was awake again. */
  const awoke = (): void => {
    cameMs = clock.now();
    for (const entry of entries.values()) if (entry.sinceMs > reviewedMs) entry.sinceMs = cameMs;
  };

  let watchedLong = false;

  const review = (): void => {
    cancelReview = clock.timer(reviewMs, review);
    const now = clock.now();
    sinceMs = watchingSinceMs();
    if (sinceMs > reviewedMs) awoke();
    reviewedMs = now;
    // Also where nobody is left whose state could change: who is missing is missed no more from here on.
    let found = watchedLong !== hasWatchedLong();
    watchedLong = hasWatchedLong();
    for (const [id, entry] of entries) {
      const next = stateAfter(entry, now);
      if (next === entry.state) continue;
      found = true;
      if (next === 'forgotten') forget(id);
      else entry.state = next;
    }
    if (found) changed();
  };

  const take = (entry: Entry, heartbeat: Heartbeat, signed: Uint8Array, heardMs: number, seenMs: number): void => {
    const { capacity, used, reserved, headroom, incarnation, seq, domain: label, region } = heartbeat;
    const free = Math.max(0, capacity - headroom - used - reserved);
    const isSame = entry.state === 'live' && entry.seq > 0 && entry.label === label && entry.free > 0 === free > 0;
    const what = isSame ? 'figures' : 'state';
    if (entry.seq === 0 || entry.incarnation !== incarnation) entry.sinceMs = clock.now();
    Object.assign(entry, { capacity, used, free, label, region, saidUpMs: Math.max(0, heartbeat.ts - incarnation) });
    Object.assign(entry, { state: 'live', heardMs, seenMs, incarnation, seq, signed });
    changed(what);
  };

  const isAlone = (): boolean => ![...entries.values()].some(({ state }) => state === 'live' || state === 'suspect');

  const isSigned = ({ heartbeat, message, signature }: ParsedHeartbeat): Promise<boolean> =>
    crypto.verify(heartbeat.node, message, signature);

  const heard = async (session: Session, signed: Uint8Array): Promise<void> => {
    const parsed = parseHeartbeat(signed);
    const { heartbeat } = parsed;
    // On a direct link a peer speaks for itself alone.
    if (!equalBytes(heartbeat.node, session.publicKey)) return;
    if (!(await isSigned(parsed))) return;
    // It may have left while the signature was looked at, and who left is not live.
    if (links.session(session.node) !== session) return;
    const entry = entryOf(session.node);
    if (!isNewer(heartbeat, entry)) return;
    entry.clockAheadMs = heartbeat.ts - clock.now();
    take(entry, heartbeat, signed, clock.now(), clock.now());
  };

  /** Until when a heartbeat that was passed on keeps its peer from silence; undefined where it is no news, or cannot be believed. */
  const newsFrom = (id: string, { ts, incarnation, seq }: Heartbeat): number | undefined => {
    const now = clock.now();
    const entry = entries.get(id);
    // Of a linked peer only it itself tells; and ourselves we know.
    if (id === links.self || links.session(id) !== undefined) return undefined;
    if (!isNewer({ incarnation, seq }, entry) || (entry === undefined && entries.size >= peersMax)) return undefined;
    // Of a peer that was linked we know how its clock goes. Of another one it may be off by as much as is allowed.
    const madeMs = ts - (entry?.clockAheadMs ?? 0);
    const latestMs = entry?.clockAheadMs === undefined ? madeMs + requestSkewMs : madeMs;
    if (madeMs > now + requestSkewMs || latestMs <= (entry?.endedMs ?? -Infinity) + latencyMs) return undefined;
    const heardMs = Math.min(now, madeMs) + requestSkewMs;
    return stateAfter({ ...unmet(), state: 'live', heardMs }, now) === 'away' ? undefined : heardMs;
  };

  links.onNotify(kinds.heartbeat, (session, body) => {
    heard(session, heartbeatBody.read(body).signed).catch((error: unknown) =>
      log('warn', 'heartbeat refused', { detail: error instanceof Error ? error.message : 'unknown' }),
    );
  });
  review();

  return {
    peers: () => [...entries].map((each) => infoOf(...each)),
    mayReturn: (id) => entries.has(id) || !hasWatchedLong(),
    seenMs: (id) => entries.get(id)?.seenMs ?? lastSeen.get(id),
    peer: (id) => {
      const entry = entries.get(id);
      return entry === undefined ? undefined : infoOf(id, entry);
    },
    heartbeats() {
      const known: SignedHeartbeat[] = [];
      for (const [node, { state, signed, incarnation, seq }] of entries) {
        if (signed !== undefined && state !== 'away') known.push({ node, incarnation, seq, signed });
      }
      return known;
    },
    opened(session) {
      if (isAlone()) cameMs = clock.now();
      Object.assign(entryOf(session.node), { state: 'live', heardMs: clock.now(), seenMs: clock.now() });
      changed();
    },
    closed(id, end) {
      const entry = entries.get(id);
      // While another session replaces this one nothing has ended.
      if (entry === undefined || links.session(id) !== undefined) return;
      entry.endedMs = clock.now();
      if (end !== 'spared') entry.state = end === 'bye' || entry.state === 'away' ? 'away' : 'suspect';
      if (end === 'bye') entry.seenMs = clock.now();
      changed();
    },
    introduced(peers) {
      const listed = new Set(peers.map(({ node: id }) => id));
      for (const [id, entry] of entries) {
        entry.introduced = listed.has(id);
        if (entry.state === 'connecting' && !entry.introduced) forget(id);
      }
      for (const { node, domain: network, local = false } of peers) Object.assign(entryOf(node), { network, local, introduced: true });
      changed();
    },
    async passedOn(signed) {
      const parsed = parseHeartbeat(signed);
      const { heartbeat, id } = parsed;
      if (newsFrom(id, heartbeat) === undefined || !(await isSigned(parsed))) return;
      // Looked at again: the signature took its time.
      const heardMs = newsFrom(id, heartbeat);
      if (heardMs === undefined) return;
      const entry = entries.get(id) ?? unmet();
      entries.set(id, entry);
      take(entry, heartbeat, signed, Math.max(entry.heardMs, heardMs), Math.max(entry.seenMs ?? 0, heardMs - requestSkewMs));
    },
    stop: () => cancelReview(),
  };
}
