import { describe, expect, test } from 'vitest';
import { peerView } from '../../../test/views.ts';
import { noPlaces, ringCells } from './cells.ts';
import { cellAt, chordTo, markOf, onChord, reachOf, ringRadii } from './geometry.ts';
import { dirtyWedges, isIn, type Painted, runsOf, wedgeCount, wedgesOf } from './wedges.ts';

const node = (start: string): string => start.padEnd(64, '0');
const peers = ['20', '60', 'a0', 'e0'].map((start) => peerView({ node: node(start), capacity: 1e9 }));
const { cells } = ringCells(node('00'), peers, noPlaces);

describe('geometry', () => {
  test.each([96, 136, 340, 440, 900])('[RING-1] everything of a ring of %d px lies inside its square', (size) => {
    const radii = ringRadii(size, 4, 200);
    expect(radii.band + 4 * radii.bandStep).toBeLessThanOrEqual(size / 2);
    expect(radii.mark - 2 * radii.laneStep).toBeGreaterThan(0);
    expect(radii.markSize).toBeGreaterThanOrEqual(1);
  });

  test('[RING-10] a pointer finds the cell whose mark it is on, and none in the middle', () => {
    const radii = ringRadii(440, 0, 24);
    for (const cell of cells) expect(cellAt(radii, cells, markOf(radii, cell))?.key).toBe(cell.key);
    expect(cellAt(radii, cells, { x: 220, y: 220 })).toBeUndefined();
  });

  test('[RING-6] a chord leads from the own peer at the bottom to the cell and stays inside the circle', () => {
    const radii = ringRadii(440, 0, 24);
    for (const cell of cells) {
      const chord = chordTo(radii, cell);
      expect(onChord(chord, 0)).toEqual(chord.from);
      expect(onChord(chord, 1)).toEqual(chord.to);
      expect(chord.from.x).toBeCloseTo(220);
      expect(chord.from.y).toBeGreaterThan(220);
      for (const share of [0.25, 0.5, 0.75]) {
        const { x, y } = onChord(chord, share);
        expect(Math.hypot(x - 220, y - 220)).toBeLessThan(radii.mark);
      }
    }
  });
});

describe('dirty wedges', () => {
  const at = (angle: number, look = 'a'): Painted => ({ angle, reach: 0.01, look });

  test('[RING-7] nothing is repainted while nothing looks different', () => {
    const painted = new Map([['x', at(1)]]);
    expect(dirtyWedges(painted, new Map([['x', at(1)]])).size).toBe(0);
  });

  test('[RING-7] what comes, goes or changes makes only its own wedges dirty', () => {
    const before = new Map([
      ['stays', at(1)],
      ['changes', at(2)],
      ['goes', at(3)],
    ]);
    const after = new Map([
      ['stays', at(1)],
      ['changes', at(2, 'b')],
      ['comes', at(4)],
    ]);
    const dirty = dirtyWedges(before, after);
    expect([isIn(dirty, at(1)), isIn(dirty, at(2)), isIn(dirty, at(3)), isIn(dirty, at(4))]).toEqual([false, true, true, true]);
    expect(dirty.size).toBeLessThanOrEqual(6);
  });

  test('[RING-7] a wedge across the beginning of the circle is found from both sides, and what goes all around takes all', () => {
    expect(wedgesOf({ angle: 0, reach: 0.01 })).toEqual([wedgeCount - 1, 0]);
    expect(new Set(wedgesOf({ angle: 0, reach: Math.PI })).size).toBe(wedgeCount);
    expect(runsOf(new Set([5, 3, 4, 9]))).toHaveLength(2);
  });

  test('[RING-7] a cell reaches over all that it paints', () => {
    const radii = ringRadii(440, 0, 24);
    for (const cell of cells) expect(reachOf(radii, cell)).toBeGreaterThan(cell.half);
  });
});
