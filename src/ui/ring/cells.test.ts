import { describe, expect, test } from 'vitest';
import { peerView } from '../../../test/views.ts';
import type { PeerView } from '../../app/state.ts';
import { angleOf, bandsMax, noPlaces, peersDrawnMax, ringCells, sectorCount } from './cells.ts';

/** An id at a share of the full circle. */
const nodeAt = (share: number, tail = '0'): string =>
  Math.floor(share * 2 ** 32)
    .toString(16)
    .padStart(8, '0') + tail.repeat(56);
const self = nodeAt(0.3);
const peer = (share: number, part: Partial<PeerView> = {}): PeerView => peerView({ node: nodeAt(share, 'a'), ...part });
const many = (count: number): PeerView[] => Array.from({ length: count }, (_, index) => peer(index / count));

describe('places', () => {
  test('[RING-1] the own peer is at the bottom, another half a circle away at the top', () => {
    expect(angleOf(self, self)).toBeCloseTo(Math.PI / 2);
    expect(angleOf(nodeAt(0.8), self)).toBeCloseTo(1.5 * Math.PI);
  });

  test('[RING-1] a peer stays where it is, whoever comes, goes or changes', () => {
    const first = ringCells(self, [peer(0.5)], noPlaces);
    const [before] = first.cells;
    const others = [peer(0.501, { capacity: 9e9 }), peer(0.499, { capacity: 9e9 }), peer(0.5, { capacity: 5e9, state: 'suspect' })];
    const crowded = ringCells(self, others, first.places);
    const after = crowded.cells.find(({ key }) => key === before!.key);
    expect(after).toMatchObject({ angle: before!.angle, lane: before!.lane });
    const alone = ringCells(self, [peer(0.5)], crowded.places);
    expect(alone.cells[0]).toMatchObject({ angle: before!.angle, lane: before!.lane });
  });

  test('[RING-2] peers that would cover each other, or the own one, stand in different lanes', () => {
    const { cells } = ringCells(self, [peer(0.3), peer(0.5), peer(0.501), peer(0.8)], noPlaces);
    const lanes = new Map(cells.map(({ key, lane }) => [key, lane]));
    expect(lanes.get(peer(0.3).node)).not.toBe(0);
    expect(lanes.get(peer(0.5).node)).not.toBe(lanes.get(peer(0.501).node));
    expect(lanes.get(peer(0.8).node)).toBe(0);
  });
});

describe('what a cell shows', () => {
  test('[RING-3] its arc is the longer the more it lends, filled by what is in use; a peer that lends nothing has none', () => {
    const { cells } = ringCells(self, [peer(0.1, { capacity: 4e9, used: 1e9 }), peer(0.5, { capacity: 1e9 }), peer(0.8)], noPlaces);
    const of = (share: number) => cells.find(({ key }) => key === peer(share).node)!;
    expect(of(0.1).half).toBeCloseTo(2 * of(0.5).half);
    expect(of(0.1).fill).toBe(0.25);
    expect(of(0.8).half).toBe(0);
  });

  test('[RING-3] figures that cannot be are bounded', () => {
    const { cells } = ringCells(self, [peer(0.1, { capacity: -5, used: 7 }), peer(0.5, { capacity: 10, used: 70 })], noPlaces);
    for (const { half, fill } of cells) {
      expect(half).toBeGreaterThanOrEqual(0);
      expect(fill).toBeGreaterThanOrEqual(0);
      expect(fill).toBeLessThanOrEqual(1);
    }
  });

  test('[RING-3] each failure domain has a band of its own and keeps it; all past the last share it', () => {
    const domains = ['b', 'a', 'c'].map((domain, index) => peer(index / 10 + 0.4, { domain }));
    const first = ringCells(self, domains, noPlaces);
    const bandOf = (cells: typeof first.cells, domain: string) => cells.find(({ peers }) => peers[0]!.domain === domain)!.bands[0];
    expect(new Set(['a', 'b', 'c'].map((domain) => bandOf(first.cells, domain))).size).toBe(3);
    const without = ringCells(self, domains.slice(0, 1), first.places);
    expect(bandOf(without.cells, 'b')).toBe(bandOf(first.cells, 'b'));
    const crowd = Array.from({ length: 9 }, (_, index) => peer(index / 9, { domain: `d${index}` }));
    const bands = ringCells(self, crowd, noPlaces).cells.map((cell) => cell.bands[0]!);
    expect(Math.max(...bands)).toBe(bandsMax - 1);
    expect(ringCells(self, [peer(0.5)], noPlaces).cells[0]!.bands).toEqual([]);
  });
});

describe('sectors', () => {
  test('[RING-4] up to 200 peers are cells of their own, more of them at most 128 sectors that hold them all', () => {
    expect(ringCells(self, many(peersDrawnMax), noPlaces).cells).toHaveLength(peersDrawnMax);
    const { cells } = ringCells(self, many(1000), noPlaces);
    expect(cells).toHaveLength(sectorCount);
    expect(cells.flatMap(({ peers }) => peers)).toHaveLength(1000);
  });

  test('[RING-4] a sector has the state most of its peers have, of two as common the worse, and is marked when one is', () => {
    const crowd = many(peersDrawnMax + 1).map((each) => ({ ...each, node: nodeAt(0.3, 'b') }));
    const state = (index: number): PeerView['state'] => (index < 50 ? 'away' : index < 125 ? 'suspect' : 'live');
    const { cells } = ringCells(
      self,
      crowd
        .slice(0, 200)
        .map((each, index) => ({ ...each, state: state(index) }))
        .concat({ ...crowd[200]!, state: 'away', verdicts: ['x'] }),
      noPlaces,
    );
    expect(cells).toHaveLength(1);
    expect(cells[0]).toMatchObject({ state: 'suspect', marked: true, key: 'sector-0' });
  });
});
