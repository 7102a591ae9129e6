import { wrap } from './cells.ts';

/** The ring is repainted in pieces: this many wedges around the middle. */
export const wedgeCount = 128;

/** Something painted: where, and everything that decides how it looks. */
export interface Painted {
  readonly angle: number;
  /** Half of the angle it takes up, radians. */
  readonly reach: number;
  /** Equal text means an equal look. */
  readonly look: string;
}

/** The wedges that something takes up. */
export function wedgesOf({ angle, reach }: Pick<Painted, 'angle' | 'reach'>): readonly number[] {
  const step = (2 * Math.PI) / wedgeCount;
  const first = Math.floor((angle - reach) / step);
  const last = Math.floor((angle + reach) / step);
  const count = Math.min(wedgeCount, last - first + 1);
  return Array.from({ length: count }, (_, index) => (((first + index) % wedgeCount) + wedgeCount) % wedgeCount);
}

/** The wedges where what is painted differs: those of all that came, went or changed its look (RING-7). */
export function dirtyWedges(before: ReadonlyMap<string, Painted>, after: ReadonlyMap<string, Painted>): ReadonlySet<number> {
  const dirty = new Set<number>();
  const add = (painted: Painted): void => {
    for (const wedge of wedgesOf(painted)) dirty.add(wedge);
  };
  for (const [key, painted] of after) {
    const old = before.get(key);
    if (old?.look === painted.look && old.angle === painted.angle && old.reach === painted.reach) continue;
    if (old !== undefined) add(old);
    add(painted);
  }
  for (const [key, painted] of before) if (!after.has(key)) add(painted);
  return dirty;
}

/** Neighbouring wedges joined to runs, as angles from and to: one piece of clip each. */
export function runsOf(wedges: ReadonlySet<number>): readonly (readonly [from: number, to: number])[] {
  const step = (2 * Math.PI) / wedgeCount;
  const sorted = [...wedges].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const wedge of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === wedge) last[1] = wedge + 1;
    else runs.push([wedge, wedge + 1]);
  }
  return runs.map(([from, to]) => [from * step, to * step] as const);
}

/** Whether something lies in one of the wedges. */
export function isIn(wedges: ReadonlySet<number>, painted: Pick<Painted, 'angle' | 'reach'>): boolean {
  return wedgesOf({ angle: wrap(painted.angle), reach: painted.reach }).some((wedge) => wedges.has(wedge));
}
