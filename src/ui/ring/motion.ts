import type { PeerView } from '../../app/state.ts';
import { type Flow, flowsOf, type Traffic } from '../traffic.ts';

export const fadeMs = 320;
export const scarMs = 60_000;
/** A scar pales in steps, so that it needs no frames in between. */
const scarStepMs = 10_000;
const scarsMax = 64;
/** At most 30 frames a second. */
export const frameMs = 1000 / 30;
/** A bead crosses the ring in this time. */
const crossingMs = 1600;
const beadsMax = 4;

/** Where a peer left. */
export interface Scar {
  readonly node: string;
  readonly leftMs: number;
}

/** What came and went, as far as it still shows. */
export interface Motion {
  /** Who is here, and since when; ms of the same clock as everything below. */
  readonly here: ReadonlyMap<string, number>;
  /** Newest last. */
  readonly scars: readonly Scar[];
}

export const noMotion: Motion = { here: new Map(), scars: [] };

/** The motion after these peers were seen at `nowMs`. Who is away, or not there any more, has left (RING-5). */
export function afterPeers(before: Motion, peers: readonly Pick<PeerView, 'node' | 'state'>[], nowMs: number): Motion {
  const present = peers.filter(({ state }) => state !== 'away');
  const here = new Map(present.map(({ node }) => [node, before.here.get(node) ?? nowMs]));
  const left = [...before.here.keys()].filter((node) => !here.has(node));
  const scars = [
    ...before.scars.filter(({ node, leftMs }) => nowMs - leftMs < scarMs && !here.has(node)),
    ...left.map((node) => ({ node, leftMs: nowMs })),
  ];
  return { here, scars: scars.slice(-scarsMax) };
}

/** How far a peer has faded in, 0 to 1. Who is not here is not fading. */
export function fadeOf({ here }: Motion, node: string, nowMs: number, reduced: boolean): number {
  const since = here.get(node);
  if (since === undefined || reduced) return 1;
  return Math.min(1, Math.max(0, (nowMs - since) / fadeMs));
}

/** How strong a scar still is, 1 down to 0 in steps. */
export function scarStrength({ leftMs }: Scar, nowMs: number): number {
  const steps = scarMs / scarStepMs;
  return Math.max(0, 1 - Math.floor(Math.max(0, nowMs - leftMs) / scarStepMs) / steps);
}

/** How many beads a rate in bytes a second deserves: one more for each power of ten. */
export function beadCount(rate: number): number {
  return rate <= 0 ? 0 : Math.min(beadsMax, Math.max(1, Math.floor(Math.log10(rate)) - 3));
}

/** Where the beads of a flow are on their chord, 0 at the own peer to 1 at the other; none with reduced motion (RING-6). */
export function beadsOf(
  flow: Pick<Flow, 'up' | 'down'>,
  nowMs: number,
  reduced: boolean,
): { readonly up: readonly number[]; readonly down: readonly number[] } {
  if (reduced) return { up: [], down: [] };
  const along = (rate: number): number[] => {
    const count = beadCount(rate);
    return Array.from({ length: count }, (_, index) => (nowMs / crossingMs + index / count) % 1);
  };
  return { up: along(flow.up), down: along(flow.down).map((share) => 1 - share) };
}

/** What decides when the ring is painted next. */
export interface Watch {
  readonly hidden: boolean;
  readonly reduced: boolean;
}

/** In how many ms the ring looks different although nothing new was told; undefined: not before something is (RING-8). */
export function nextPaintMs(motion: Motion, traffic: Traffic, nowMs: number, { hidden, reduced }: Watch): number | undefined {
  if (hidden) return undefined;
  if (!reduced) {
    if (flowsOf(traffic).length > 0) return frameMs;
    for (const since of motion.here.values()) if (nowMs - since < fadeMs) return frameMs;
  }
  const [oldest] = motion.scars.filter(({ leftMs }) => nowMs - leftMs < scarMs);
  if (oldest === undefined) return undefined;
  return Math.min(...motion.scars.map(({ leftMs }) => scarStepMs - (Math.max(0, nowMs - leftMs) % scarStepMs)));
}
