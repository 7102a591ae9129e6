import type { PeerView, SelfView } from '../../app/state.ts';
import { fraction } from '../../figures/format.ts';
import { afterSnapshot, flowsOf, noTraffic, settled, type Traffic } from '../traffic.ts';
import { type Cell, noPlaces, ringCells, type RingPlaces } from './cells.ts';
import type { Scene } from './frame.ts';
import { afterPeers, type Motion, noMotion } from './motion.ts';

/** What the ring shows of the swarm, carried from snapshot to snapshot. */
export interface Picture {
  readonly places: RingPlaces;
  readonly cells: readonly Cell[];
  readonly motion: Motion;
  readonly traffic: Traffic;
  /** When it was true, ms. */
  readonly nowMs: number;
}

export const noPicture: Picture = { places: noPlaces, cells: [], motion: noMotion, traffic: noTraffic, nowMs: 0 };

/** The picture after a snapshot that came at `nowMs` of a clock that only goes forward. */
export function afterSwarm(before: Picture, self: string, peers: readonly PeerView[], nowMs: number): Picture {
  return {
    ...ringCells(self, peers, before.places),
    motion: afterPeers(before.motion, peers, nowMs),
    traffic: afterSnapshot(before.traffic, peers, nowMs),
    nowMs,
  };
}

/** The same picture later, when nothing was told in between; the very same one where nothing ended. */
export function settledPicture(before: Picture, nowMs: number): Picture {
  const traffic = settled(before.traffic, nowMs);
  return traffic === before.traffic ? before : { ...before, traffic, nowMs };
}

/** A moment of the picture, ready to be painted. */
export function sceneOf({ cells, motion, traffic }: Picture, self: SelfView, active?: string): Scene {
  const own = { fill: fraction(self.used, self.capacity) ?? 0, lends: self.contributing };
  return { self: self.node, own, cells, motion, traffic, active };
}

/** How many peers are sent to and received from. */
export function movingCounts({ traffic }: Pick<Picture, 'traffic'>): { readonly up: number; readonly down: number } {
  const flows = flowsOf(traffic);
  return { up: flows.filter(({ up }) => up > 0).length, down: flows.filter(({ down }) => down > 0).length };
}
