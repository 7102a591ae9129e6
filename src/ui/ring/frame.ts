import { flowsOf, type Traffic } from '../traffic.ts';
import { angleOf, bandsMax, type Cell, ownHalf } from './cells.ts';
import { type Radii, reachOf, ringRadii } from './geometry.ts';
import { beadsOf, fadeOf, type Motion, scarStrength } from './motion.ts';
import { type Brush, openWedges, type OwnCell, paintCell, paintCircle, paintFlow, paintOwn, paintScar } from './painter.ts';
import { dirtyWedges, isIn, type Painted } from './wedges.ts';

/** Everything a ring shows at one moment. */
export interface Scene {
  /** Own NodeId. */
  readonly self: string;
  readonly own: OwnCell;
  readonly cells: readonly Cell[];
  readonly motion: Motion;
  readonly traffic: Traffic;
  /** Key of the cell that pointer or focus is on. */
  readonly active?: string | undefined;
}

/** The radii of a scene on a square of `size` CSS pixels: bands take room only where domains are known. */
export function radiiOf({ cells }: Pick<Scene, 'cells'>, size: number): Radii {
  const bands = Math.min(bandsMax, Math.max(0, ...cells.flatMap((cell) => cell.bands.map((band) => band + 1))));
  return ringRadii(size, bands, Math.max(24, cells.length));
}

/** What stands on the ring at `nowMs`, each with its place and all that decides its look. */
export function paintedOf(scene: Scene, radii: Radii, nowMs: number, reduced: boolean): ReadonlyMap<string, Painted> {
  const { self, own, cells, motion, active } = scene;
  const painted = new Map<string, Painted>();
  painted.set('own', { angle: Math.PI / 2, reach: Math.max(ownHalf, 12 / radii.mark), look: `${own.lends} ${own.fill.toFixed(3)}` });
  for (const { node, leftMs } of motion.scars) {
    const look = String(scarStrength({ node, leftMs }, nowMs));
    painted.set(`scar-${node}`, { angle: angleOf(node, self), reach: 4 / radii.mark, look });
  }
  for (const cell of cells) painted.set(cell.key, { angle: cell.angle, reach: reachOf(radii, cell), look: look(cell) });
  return painted;

  function look(cell: Cell): string {
    const { half, depth, fill, state, marked, lane, bands } = cell;
    const opacity = opacityOf(cell, motion, nowMs, reduced).toFixed(2);
    return `${half.toFixed(4)} ${depth.toFixed(2)} ${fill.toFixed(3)} ${state} ${marked} ${lane} ${bands.join()} ${opacity} ${cell.key === active}`;
  }
}

/** Fades in by arrival; who left is dim. */
function opacityOf(cell: Cell, motion: Motion, nowMs: number, reduced: boolean): number {
  const dim = cell.state === 'away' ? 0.5 : 1;
  return cell.peers.length === 1 ? dim * fadeOf(motion, cell.peers[0]!.node, nowMs, reduced) : dim;
}

/** Repaints the wedges where `after` differs from `before`; gives how many they were. */
export function paintCells(
  brush: Brush,
  scene: Scene,
  before: ReadonlyMap<string, Painted>,
  after: ReadonlyMap<string, Painted>,
  nowMs: number,
  reduced: boolean,
): number {
  const dirty = dirtyWedges(before, after);
  if (dirty.size === 0) return 0;
  openWedges(brush, dirty);
  paintCircle(brush);
  for (const scar of scene.motion.scars) {
    const painted = after.get(`scar-${scar.node}`);
    if (painted !== undefined && isIn(dirty, painted)) paintScar(brush, painted.angle, scarStrength(scar, nowMs));
  }
  for (const cell of scene.cells) {
    const painted = after.get(cell.key);
    if (painted === undefined || !isIn(dirty, painted)) continue;
    paintCell(brush, cell, opacityOf(cell, scene.motion, nowMs, reduced), cell.key === scene.active);
  }
  paintOwn(brush, scene.own);
  brush.context.restore();
  return dirty.size;
}

/** Paints the transfers anew. A sector's is the sum of its peers'. */
export function paintFlows(brush: Brush, scene: Scene, nowMs: number, reduced: boolean): number {
  brush.context.clearRect(0, 0, brush.radii.size, brush.radii.size);
  const flows = new Map(flowsOf(scene.traffic).map((flow) => [flow.node, flow]));
  if (flows.size === 0) return 0;
  for (const cell of scene.cells) {
    const own = cell.peers.flatMap(({ node }) => flows.get(node) ?? []);
    if (own.length === 0) continue;
    const sum = { up: own.reduce((all, { up }) => all + up, 0), down: own.reduce((all, { down }) => all + down, 0) };
    paintFlow(brush, cell, beadsOf(sum, nowMs, reduced), reduced);
  }
  return flows.size;
}
