import type { Shape } from '../status.ts';
import { type Cell, ownHalf } from './cells.ts';
import { chordTo, markOf, onChord, pointAt, type Point, type Radii } from './geometry.ts';
import { lookOfCell, type Palette } from './palette.ts';
import { runsOf, wedgeCount } from './wedges.ts';

/** What one painting needs besides the cell. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly radii: Radii;
  readonly palette: Palette;
}

/** The own peer, which stands at the bottom. */
export interface OwnCell {
  /** 0 to 1. */
  readonly fill: number;
  readonly lends: boolean;
}

/** Lets only these wedges be painted, and clears them. `context.restore()` ends it. */
export function openWedges({ context, radii }: Brush, dirty: ReadonlySet<number>): void {
  const { middle, size } = radii;
  context.save();
  // A clip costs more than it saves where it would leave nothing out.
  if (dirty.size === wedgeCount) return context.clearRect(0, 0, size, size);
  context.beginPath();
  for (const [from, to] of runsOf(dirty)) {
    context.moveTo(middle, middle);
    context.arc(middle, middle, size, from, to);
    context.closePath();
  }
  context.clip();
  return context.clearRect(0, 0, size, size);
}

/** The circle that the peers stand on. */
export function paintCircle({ context, radii, palette }: Brush): void {
  context.globalAlpha = 1;
  context.lineWidth = 1;
  context.strokeStyle = palette.hairline;
  circle(context, radii, radii.mark);
  context.stroke();
}

/** A peer or sector: its arc, how much of it is in use, its mark, the bands of its domains. `opacity` 0 to 1. */
export function paintCell(brush: Brush, cell: Cell, opacity: number, active: boolean): void {
  const { context, radii, palette } = brush;
  const { shape, tone } = lookOfCell(cell);
  const colour = palette[tone === 'repairing' ? 'repairing' : tone];
  context.globalAlpha = opacity;
  if (cell.half > 0 && cell.depth > 0) paintArc(brush, cell, colour);
  for (const band of cell.bands) {
    const reach = Math.max(cell.half, radii.markSize / radii.band);
    arc(context, radii, radii.band + (band + 0.5) * radii.bandStep, cell.angle - reach, cell.angle + reach);
    context.lineWidth = Math.max(1.5, radii.bandStep * 0.4);
    context.strokeStyle = palette.line;
    context.stroke();
  }
  const at = markOf(radii, cell);
  if (active) {
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(at.x, at.y, radii.markSize * 2, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = palette.accent;
    context.stroke();
    context.globalAlpha = opacity;
  }
  // A ground of its own, so that the circle does not run through an open shape.
  context.beginPath();
  context.arc(at.x, at.y, radii.markSize * 1.35, 0, 2 * Math.PI);
  context.fillStyle = palette.surface;
  context.fill();
  paintShape(context, shape, at, radii.markSize, colour, palette.surface);
  context.globalAlpha = 1;
}

function paintArc({ context, radii, palette }: Brush, cell: Cell, colour: string): void {
  // A sector's arc grows outward from one foot; a peer's is always whole.
  const width = Math.max(2, radii.arcWidth * cell.depth);
  const radius = radii.arc - cell.lane * radii.laneStep - radii.arcWidth / 2 + width / 2;
  const [from, to] = [cell.angle - cell.half, cell.angle + cell.half];
  context.lineWidth = width;
  context.strokeStyle = palette.hairline;
  arc(context, radii, radius, from, to);
  context.stroke();
  if (cell.fill > 0) {
    context.strokeStyle = cell.state === 'live' ? palette.accent : colour;
    arc(context, radii, radius, from, from + (to - from) * cell.fill);
    context.stroke();
  }
}

/** The own peer: an open ring in the accent, under it its own arc. */
export function paintOwn({ context, radii, palette }: Brush, own: OwnCell): void {
  const bottom = Math.PI / 2;
  if (own.lends) {
    context.lineWidth = radii.arcWidth;
    context.strokeStyle = palette.hairline;
    arc(context, radii, radii.arc, bottom - ownHalf, bottom + ownHalf);
    context.stroke();
    if (own.fill > 0) {
      context.strokeStyle = palette.accent;
      // From the left, as one reads, which at the bottom is against the clock.
      arc(context, radii, radii.arc, bottom + ownHalf - 2 * ownHalf * own.fill, bottom + ownHalf);
      context.stroke();
    }
  }
  const at = pointAt(radii, radii.mark, bottom);
  const size = Math.max(5, radii.markSize * 1.2);
  context.beginPath();
  context.arc(at.x, at.y, size, 0, 2 * Math.PI);
  context.fillStyle = palette.surface;
  context.fill();
  context.lineWidth = Math.max(2, size * 0.4);
  context.strokeStyle = palette.accent;
  context.stroke();
}

/** A peer left here: a notch across the circle that pales. */
export function paintScar({ context, radii, palette }: Brush, angle: number, strength: number): void {
  const from = pointAt(radii, radii.mark - radii.markSize * 1.6, angle);
  const to = pointAt(radii, radii.arc + radii.arcWidth / 2, angle);
  context.globalAlpha = strength;
  context.lineWidth = 1.5;
  context.strokeStyle = palette.risk;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** A transfer: its chord, and its beads: solid ones leave, open ones arrive. Steady and stronger where nothing may move. */
export function paintFlow(
  { context, radii, palette }: Brush,
  cell: Cell,
  beads: { readonly up: readonly number[]; readonly down: readonly number[] },
  steady: boolean,
): void {
  const chord = chordTo(radii, cell);
  context.beginPath();
  context.moveTo(chord.from.x, chord.from.y);
  context.quadraticCurveTo(chord.bend.x, chord.bend.y, chord.to.x, chord.to.y);
  context.globalAlpha = steady ? 0.9 : 0.45;
  context.lineWidth = steady ? 1.75 : 1;
  context.strokeStyle = palette.accent;
  context.stroke();
  context.globalAlpha = 1;
  const size = Math.max(2, radii.markSize * 0.42);
  const bead = (share: number): void => {
    const at = onChord(chord, share);
    context.beginPath();
    context.arc(at.x, at.y, size, 0, 2 * Math.PI);
  };
  context.fillStyle = palette.accent;
  for (const share of beads.up) {
    bead(share);
    context.fill();
  }
  context.fillStyle = palette.surface;
  context.lineWidth = 1.5;
  for (const share of beads.down) {
    bead(share);
    context.fill();
    context.stroke();
  }
}

function paintShape(context: CanvasRenderingContext2D, shape: Shape, { x, y }: Point, size: number, colour: string, ground: string): void {
  context.fillStyle = colour;
  context.beginPath();
  switch (shape) {
    case 'triangle':
      context.moveTo(x, y - size * 1.15);
      context.lineTo(x + size * 1.1, y + size * 0.85);
      context.lineTo(x - size * 1.1, y + size * 0.85);
      context.closePath();
      return context.fill();
    case 'square':
      context.rect(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6);
      return context.fill();
    case 'diamond':
      context.moveTo(x, y - size * 1.2);
      context.lineTo(x + size * 1.2, y);
      context.lineTo(x, y + size * 1.2);
      context.lineTo(x - size * 1.2, y);
      context.closePath();
      return context.fill();
    case 'arrow':
    case 'cross':
      context.lineWidth = Math.max(1.25, size * 0.4);
      context.lineCap = 'round';
      context.strokeStyle = colour;
      paintStrokes(context, shape, x, y, size);
      context.lineCap = 'butt';
      return undefined;
    case 'disc':
    case 'ring':
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
      if (shape === 'disc') return undefined;
      context.fillStyle = ground;
      context.beginPath();
      context.arc(x, y, size * 0.5, 0, 2 * Math.PI);
      return context.fill();
  }
}

function paintStrokes(context: CanvasRenderingContext2D, shape: 'arrow' | 'cross', x: number, y: number, size: number): void {
  if (shape === 'cross') {
    context.moveTo(x - size * 0.75, y - size * 0.75);
    context.lineTo(x + size * 0.75, y + size * 0.75);
    context.moveTo(x + size * 0.75, y - size * 0.75);
    context.lineTo(x - size * 0.75, y + size * 0.75);
  } else {
    context.moveTo(x - size, y);
    context.lineTo(x + size, y);
    context.moveTo(x + size * 0.3, y - size * 0.7);
    context.lineTo(x + size, y);
    context.lineTo(x + size * 0.3, y + size * 0.7);
  }
  context.stroke();
}

function circle(context: CanvasRenderingContext2D, radii: Radii, radius: number): void {
  arc(context, radii, radius, 0, 2 * Math.PI);
}

function arc(context: CanvasRenderingContext2D, { middle }: Radii, radius: number, from: number, to: number): void {
  context.beginPath();
  context.arc(middle, middle, Math.max(0, radius), from, to);
}
