import type { KnownHeartbeat } from '../core/wire/digest.ts';

/** Silence after which a peer is suspect, then away, then forgotten. A lost link makes it suspect at once, a `bye` away at once. */
const suspectAfterMs = 75_000;
const awayAfterMs = 150_000;
export const forgottenAfterMs = 900_000;

/** Whoever is heard of so soon after this peer came was there before, and how long shows after so long, when everyone who stays could be keeper. */
const metMs = 120_000;
const measuredAfterMs = metMs + 660_000;

export type PeerState = 'connecting' | 'live' | 'suspect' | 'away';

/** What is known of one other peer. Bytes as it last said; 0 until its first heartbeat. */
export interface PeerInfo {
  readonly node: string;
  readonly state: PeerState;
  /** Failure domain: what its operator called it, as `label:…`, which no network is called; else its network. */
  readonly domain: string | undefined;
  /** What the server saw of its network. */
  readonly network: string | undefined;
  readonly region: string | undefined;
  /** The server saw it come from the server's own machine. */
  readonly local: boolean;
  readonly capacity: number;
  readonly used: number;
  /** Bytes it would still take: capacity - headroom - used - reserved, at least 0. */
  readonly free: number;
  /** Whether it has said what it lends. */
  readonly declared: boolean;
  /** How long it has been up as far as was seen here, ms; 0 until its first heartbeat. */
  readonly upMs: number;
  /** How far its clock is ahead of ours, ms; absent where no heartbeat of it came over a link. */
  readonly clockAheadMs?: number | undefined;
}

/** The newest heartbeat of a peer with the bytes that were signed, to pass on. */
export interface SignedHeartbeat extends KnownHeartbeat {
  readonly signed: Uint8Array;
}

/** What membership keeps of one peer. */
export interface Entry {
  state: PeerState;
  /** The server's hint, and whether it comes from the server's own machine. */
  network: string | undefined;
  local: boolean;
  /** The operator's words for its failure domain and region. */
  label: string | undefined;
  region: string | undefined;
  /** Signaling names it now. */
  introduced: boolean;
  capacity: number;
  used: number;
  free: number;
  /** How long it was up by its newest heartbeat, ms; and when the first one of that incarnation was heard, ms by our clock. */
  saidUpMs: number;
  sinceMs: number;
  /** Silence counts from here: when it last was heard of, or some minutes later where that was passed on. And when the last link to it ended, ms by our clock. */
  heardMs: number;
  endedMs: number;
  /** When it made the last heartbeat known of it, or last opened a link or said `bye`, ms by our clock. */
  seenMs: number | undefined;
  /** How far its clock is ahead of ours, as its own heartbeats showed; undefined until one came over a link. */
  clockAheadMs: number | undefined;
  incarnation: number;
  seq: number;
  signed: Uint8Array | undefined;
}

/** A peer of which nothing is known yet. */
export const unmet = (): Entry => ({
  state: 'connecting',
  network: undefined,
  local: false,
  label: undefined,
  region: undefined,
  introduced: false,
  capacity: 0,
  used: 0,
  free: 0,
  saidUpMs: 0,
  sinceMs: 0,
  heardMs: 0,
  endedMs: -Infinity,
  seenMs: undefined,
  clockAheadMs: undefined,
  incarnation: 0,
  seq: 0,
  signed: undefined,
});

/** The state of a peer by how long nothing was heard of it. One away is forgotten in the end, unless signaling still names it. */
export function stateAfter(entry: Entry, nowMs: number): PeerState | 'forgotten' {
  const { state, heardMs, endedMs, introduced } = entry;
  if (state === 'connecting') return state;
  const silentMs = nowMs - heardMs;
  if (state === 'away') return !introduced && nowMs - Math.max(heardMs, endedMs) >= forgottenAfterMs ? 'forgotten' : 'away';
  return silentMs >= awayAfterMs ? 'away' : silentMs >= suspectAfterMs ? 'suspect' : state;
}

/** Whom to forget when there are too many: one that is away, else one known by hearsay alone, else the first without a link. */
export function forgettable(entries: readonly (readonly [string, Entry])[], linked: (node: string) => boolean): string | undefined {
  const unlinked = entries.filter(([node]) => !linked(node));
  const found = unlinked.find(([, { state }]) => state === 'away') ?? unlinked.find(([, { introduced }]) => !introduced) ?? unlinked[0];
  return found?.[0];
}

/**
 * How long a peer has been up as far as it was seen, ms (SPEC KEEP-1): what it says itself is believed for less than that alone. But who
 * was there before us nobody has measured for us: until we have ourselves been there for long enough its word counts.
 *
 * @param cameMs when this peer came among others
 */
export function seenUpMs({ saidUpMs, sinceMs }: Entry, nowMs: number, cameMs: number): number {
  const isUnmeasured = nowMs - cameMs < measuredAfterMs && sinceMs >= cameMs && sinceMs - cameMs < metMs;
  return isUnmeasured ? saidUpMs : Math.min(saidUpMs, nowMs - sinceMs);
}

export const peerInfo = (
  node: string,
  { state, network, local, label, region, capacity, used, free, seq, clockAheadMs }: Entry,
  upMs: number,
): PeerInfo => ({
  node,
  state,
  domain: label === undefined ? network : `label:${label}`,
  network,
  region,
  local,
  capacity,
  used,
  free,
  declared: seq > 0,
  upMs,
  clockAheadMs,
});
