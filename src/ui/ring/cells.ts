import type { PeerView } from '../../app/state.ts';
import { fraction } from '../../figures/format.ts';

/** Past this many peers the ring shows sectors instead. */
export const peersDrawnMax = 200;
export const sectorCount = 128;
/** Bands that tell failure domains apart; the last one holds all further domains. */
export const bandsMax = 4;
const lanesMax = 3;
/** Half of the own peer's arc, radians. */
export const ownHalf = Math.PI / 14;

/** What stands at one place of the ring: a peer, or the peers of a sector. */
export interface Cell {
  /** The NodeId, or `sector-<index>`. */
  readonly key: string;
  readonly peers: readonly PeerView[];
  /** Middle of the cell, radians clockwise from three o'clock, as a canvas counts; π/2 is the bottom. */
  readonly angle: number;
  /** Half of its arc, radians: by its capacity; 0 for a peer that lends nothing. A sector's is fixed. */
  readonly half: number;
  /** How thick its arc is, 0 to 1: a sector's by its capacity, a peer's always 1. */
  readonly depth: number;
  /** Share of its capacity in use, 0 to 1. */
  readonly fill: number;
  readonly state: PeerView['state'];
  readonly marked: boolean;
  readonly linked: boolean;
  /** Steps inward from the circle, so that peers with nearly the same id do not cover each other. */
  readonly lane: number;
  /** Bands of the failure domains in it. */
  readonly bands: readonly number[];
}

/** Which lane and band were given away: who is shown keeps its place. */
export interface RingPlaces {
  readonly lanes: ReadonlyMap<string, number>;
  readonly bands: ReadonlyMap<string, number>;
}

export const noPlaces: RingPlaces = { lanes: new Map(), bands: new Map() };

/** Where an id stands on the full circle, 0 to 1. Text that is no id stands at 0. */
export function turnOf(node: string): number {
  const value = Number.parseInt(node.slice(0, 8), 16);
  return Number.isNaN(value) ? 0 : value / 2 ** 32;
}

/** Angle of a peer for the peer `self`, which stands at the bottom. Depends on the two ids alone (RING-1). */
export function angleOf(node: string, self: string): number {
  return wrap((turnOf(node) - turnOf(self)) * 2 * Math.PI + Math.PI / 2);
}

/** 0 to 2π. */
export function wrap(angle: number): number {
  const full = 2 * Math.PI;
  return ((angle % full) + full) % full;
}

/** The cells of the ring, in the order of their angle from the bottom, clockwise, and the places given away (RING-1 to RING-4). */
export function ringCells(
  self: string,
  peers: readonly PeerView[],
  before: RingPlaces,
): { readonly cells: readonly Cell[]; readonly places: RingPlaces } {
  const bands = bandsOf(peers, before.bands);
  if (peers.length > peersDrawnMax) return { cells: sectorCells(self, peers, bands), places: { lanes: new Map(), bands } };
  const { cells, lanes } = peerCells(self, peers, bands, before.lanes);
  return { cells, places: { lanes, bands } };
}

/** A domain keeps its band while one of its peers is known; a new one takes the lowest free band, or the last. */
function bandsOf(peers: readonly PeerView[], before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const domains = [...new Set(peers.flatMap(({ domain }) => (domain === undefined ? [] : [domain])))].sort();
  const bands = new Map(domains.flatMap((domain) => (before.has(domain) ? [[domain, before.get(domain)!] as const] : [])));
  for (const domain of domains) {
    if (bands.has(domain)) continue;
    const taken = new Set(bands.values());
    const free = Array.from({ length: bandsMax }, (_, band) => band).find((band) => !taken.has(band));
    bands.set(domain, free ?? bandsMax - 1);
  }
  return bands;
}

function peerCells(
  self: string,
  peers: readonly PeerView[],
  bands: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
): { readonly cells: readonly Cell[]; readonly lanes: ReadonlyMap<string, number> } {
  const halfMax = Math.PI / Math.max(12, peers.length);
  const largest = Math.max(...peers.map(({ capacity }) => capacity), 1);
  // Whoever is new gives way to whoever was there.
  const arrived = peers.toSorted((a, b) => Number(before.has(b.node)) - Number(before.has(a.node)) || (a.node < b.node ? -1 : 1));
  const lanes = new Map<string, number>();
  // The own peer stands at the bottom and is never covered.
  const placed: { readonly lane: number; readonly angle: number; readonly reach: number }[] = [
    { lane: 0, angle: Math.PI / 2, reach: ownHalf },
  ];
  const cells = arrived.map((peer): Cell => {
    const angle = angleOf(peer.node, self);
    const half = halfMax * Math.sqrt(Math.max(0, peer.capacity) / largest);
    const reach = Math.max(half, halfMax / 2);
    const lane = before.get(peer.node) ?? freeLane(placed, angle, reach);
    lanes.set(peer.node, lane);
    placed.push({ lane, angle, reach });
    const band = peer.domain === undefined ? undefined : bands.get(peer.domain);
    return {
      key: peer.node,
      peers: [peer],
      angle,
      half,
      depth: 1,
      fill: fraction(peer.used, peer.capacity) ?? 0,
      state: peer.state,
      marked: peer.verdicts.length > 0,
      linked: peer.linked,
      lane,
      bands: band === undefined ? [] : [band],
    };
  });
  return { cells: cells.toSorted(fromBottom), lanes };
}

function freeLane(
  placed: readonly { readonly lane: number; readonly angle: number; readonly reach: number }[],
  angle: number,
  reach: number,
): number {
  const covered = (lane: number): number =>
    placed.filter((other) => other.lane === lane && distance(other.angle, angle) < other.reach + reach).length;
  const counts = Array.from({ length: lanesMax }, (_, lane) => covered(lane));
  return counts.indexOf(Math.min(...counts));
}

function sectorCells(self: string, peers: readonly PeerView[], bands: ReadonlyMap<string, number>): readonly Cell[] {
  const sectors = new Map<number, PeerView[]>();
  for (const peer of peers) {
    const turn = wrap((turnOf(peer.node) - turnOf(self)) * 2 * Math.PI + Math.PI / sectorCount) / (2 * Math.PI);
    const index = Math.min(sectorCount - 1, Math.floor(turn * sectorCount));
    const found = sectors.get(index);
    if (found === undefined) sectors.set(index, [peer]);
    else found.push(peer);
  }
  const sums = new Map([...sectors].map(([index, members]) => [index, members.reduce((sum, { capacity }) => sum + capacity, 0)]));
  const largest = Math.max(...sums.values(), 1);
  return [...sectors]
    .toSorted(([a], [b]) => a - b)
    .map(([index, members]): Cell => {
      const capacity = sums.get(index) ?? 0;
      return {
        key: `sector-${index}`,
        peers: members,
        angle: wrap(Math.PI / 2 + (index / sectorCount) * 2 * Math.PI),
        half: (Math.PI / sectorCount) * 0.8,
        depth: Math.sqrt(Math.max(0, capacity) / largest),
        fill:
          fraction(
            members.reduce((sum, { used }) => sum + used, 0),
            capacity,
          ) ?? 0,
        state: commonState(members),
        marked: members.some(({ verdicts }) => verdicts.length > 0),
        linked: members.some(({ linked }) => linked),
        lane: 0,
        bands: [...new Set(members.flatMap(({ domain }) => (domain === undefined ? [] : [bands.get(domain)!])))].sort((a, b) => a - b),
      };
    });
}

const worstFirst: readonly PeerView['state'][] = ['away', 'suspect', 'connecting', 'live'];

/** The state that most of them have; of two as common, the worse. */
function commonState(members: readonly PeerView[]): PeerView['state'] {
  const counts = worstFirst.map((state) => members.filter((peer) => peer.state === state).length);
  return worstFirst[counts.indexOf(Math.max(...counts))]!;
}

/** The shorter way between two angles, 0 to π. */
export function distance(a: number, b: number): number {
  const way = wrap(a - b);
  return Math.min(way, 2 * Math.PI - way);
}

/** Order of walking the ring: clockwise from the bottom. */
function fromBottom(a: Cell, b: Cell): number {
  return wrap(a.angle - Math.PI / 2) - wrap(b.angle - Math.PI / 2) || (a.key < b.key ? -1 : 1);
}
