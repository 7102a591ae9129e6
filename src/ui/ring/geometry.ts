import { type Cell, distance, wrap } from './cells.ts';

/** Where the parts of a ring lie on a square of `size` CSS pixels. Radii are from its middle. */
export interface Radii {
  readonly size: number;
  readonly middle: number;
  /** Middle line of the capacity arcs of the outermost lane, and how thick the thickest is. */
  readonly arc: number;
  readonly arcWidth: number;
  /** The circle the marks stand on. */
  readonly mark: number;
  readonly markSize: number;
  /** From one lane to the next further in, with mark and arc. */
  readonly laneStep: number;
  /** The innermost band of failure domains, and the way to the next. */
  readonly band: number;
  readonly bandStep: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The way of a transfer: a quadratic curve that bends towards the middle. */
export interface Chord {
  readonly from: Point;
  readonly bend: Point;
  readonly to: Point;
}

/** Fits a ring with this many bands and cells into `size` CSS pixels. */
export function ringRadii(size: number, bands: number, cells: number): Radii {
  const unit = Math.min(1, Math.max(0.4, size / 440));
  const bandStep = 6 * unit;
  const arcWidth = 8 * unit;
  const arc = Math.max(1, size / 2 - 6 * unit - bands * bandStep - arcWidth);
  const mark = Math.max(1, arc - arcWidth - 8 * unit);
  // Marks grow where there is room for them.
  const room = (Math.PI * mark) / Math.max(1, cells);
  const markSize = Math.min(6 * unit, Math.max(2.5 * unit, room * 0.6));
  return {
    size,
    middle: size / 2,
    arc,
    arcWidth,
    mark,
    markSize,
    laneStep: arcWidth * 1.4 + markSize * 2.4,
    band: arc + arcWidth,
    bandStep,
  };
}

/** The point at `radius` and `angle`. */
export function pointAt({ middle }: Radii, radius: number, angle: number): Point {
  return { x: middle + radius * Math.cos(angle), y: middle + radius * Math.sin(angle) };
}

/** Where the mark of a cell stands. */
export function markOf(radii: Radii, cell: Pick<Cell, 'angle' | 'lane'>): Point {
  return pointAt(radii, radii.mark - cell.lane * radii.laneStep, cell.angle);
}

/** Half of the angle that a cell takes up with all it draws, radians. */
export function reachOf(radii: Radii, cell: Pick<Cell, 'half' | 'lane'>): number {
  const inner = Math.max(radii.markSize, radii.mark - cell.lane * radii.laneStep);
  return Math.max(cell.half, Math.asin(Math.min(1, (radii.markSize * 2.4) / inner))) + 2 / radii.arc;
}

/** From the own peer at the bottom to a cell. */
export function chordTo(radii: Radii, cell: Pick<Cell, 'angle' | 'lane'>): Chord {
  const gap = radii.markSize * 1.6;
  const from = pointAt(radii, radii.mark - gap, Math.PI / 2);
  const to = pointAt(radii, radii.mark - cell.lane * radii.laneStep - gap, cell.angle);
  // Neighbours get a flat curve; who is across gets nearly a straight line through the middle.
  const pull = 0.62;
  const bend = {
    x: (from.x + to.x) / 2 + (radii.middle - (from.x + to.x) / 2) * pull,
    y: (from.y + to.y) / 2 + (radii.middle - (from.y + to.y) / 2) * pull,
  };
  return { from, bend, to };
}

/** The point of a chord at `share` of its way, 0 to 1. */
export function onChord({ from, bend, to }: Chord, share: number): Point {
  const rest = 1 - share;
  return {
    x: rest * rest * from.x + 2 * rest * share * bend.x + share * share * to.x,
    y: rest * rest * from.y + 2 * rest * share * bend.y + share * share * to.y,
  };
}

/** The cell a pointer means: the nearest in angle that is in reach, of those the nearest in depth; undefined in the inner half. */
export function cellAt(radii: Radii, cells: readonly Cell[], { x, y }: Point): Cell | undefined {
  const [dx, dy] = [x - radii.middle, y - radii.middle];
  const radius = Math.hypot(dx, dy);
  if (radius < radii.mark * 0.5 || radius > radii.size / 2 + radii.arcWidth) return undefined;
  const angle = wrap(Math.atan2(dy, dx));
  // A finger's width at least, or marks of small rings could not be met.
  const slack = 12 / Math.max(radius, 1);
  const near = cells.filter((cell) => distance(cell.angle, angle) <= Math.max(slack, reachOf(radii, cell)));
  const far = (cell: Cell): number => {
    const mark = markOf(radii, cell);
    return Math.hypot(mark.x - x, mark.y - y);
  };
  return near.toSorted((a, b) => far(a) - far(b))[0];
}
