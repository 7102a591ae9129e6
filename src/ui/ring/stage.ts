import { paintCells, paintedOf, paintFlows, radiiOf, type Scene } from './frame.ts';
import type { Radii } from './geometry.ts';
import { nextPaintMs } from './motion.ts';
import { type Palette, readPalette, watchTheme } from './palette.ts';
import type { Painted } from './wedges.ts';

/** A ring on two canvases of one size: what stands on it, and over it what moves. */
export interface Stage {
  /** Shows the scene from the next frame on. */
  show(scene: Scene): void;
  /** Radii of what is shown, for whoever looks for the cell under a pointer. */
  radii(): Radii | undefined;
  end(): void;
}

/**
 * Paints when something changed or moves, and not at all while the page is hidden or the ring is out of sight (RING-8).
 *
 * @param host the square that the canvases fill
 * @param leastMs least time between two frames
 */
export function createStage(host: HTMLElement, cells: HTMLCanvasElement, flows: HTMLCanvasElement, leastMs: number): Stage {
  const cellsContext = cells.getContext('2d');
  const flowsContext = flows.getContext('2d');
  if (cellsContext === null || flowsContext === null) return { show() {}, radii: () => undefined, end() {} };

  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  let scene: Scene | undefined;
  let radii: Radii | undefined;
  let palette: Palette | undefined;
  let painted: ReadonlyMap<string, Painted> = new Map();
  let size = 0;
  let inSight = true;
  let lastMs = -Infinity;
  let timer: number | undefined;
  let frame: number | undefined;
  let flowing = false;

  const hidden = (): boolean => document.hidden || !inSight;

  const paint = (nowMs: number): void => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
    if (scene === undefined || size === 0 || hidden()) return;
    lastMs = nowMs;
    const reduced = reducedMotion.matches;
    palette ??= readPalette(host);
    const now = radiiOf(scene, size);
    if (radii === undefined || JSON.stringify(radii) !== JSON.stringify(now)) {
      radii = now;
      painted = blank();
    }
    const after = paintedOf(scene, radii, nowMs, reduced);
    paintCells({ context: cellsContext, radii, palette }, scene, painted, after, nowMs, reduced);
    painted = after;
    const flowed = flowing;
    flowing = scene.traffic.steps.length > 0;
    if (flowing || flowed) paintFlows({ context: flowsContext, radii, palette }, scene, nowMs, reduced);
    plan(nextPaintMs(scene.motion, scene.traffic, nowMs, { hidden: false, reduced }));
  };

  /** Asks for one frame, `inMs` from now and at least a frame after the last. */
  const plan = (inMs: number | undefined): void => {
    if (inMs === undefined || frame !== undefined) return;
    clearTimeout(timer);
    const waitMs = Math.max(inMs, lastMs + leastMs - performance.now());
    // A frame of the screen is due within 17 ms of being asked for: asking that much sooner keeps the pace.
    timer = window.setTimeout(() => (frame ??= requestAnimationFrame(paint)), Math.max(0, waitMs - 17));
  };

  /** Everything has to be painted anew: nothing that was painted counts. */
  const anew = (): void => {
    painted = blank();
    palette = undefined;
    flowing = true;
    plan(0);
  };
  const seen = (): void => plan(hidden() ? undefined : 0);

  const fit = new ResizeObserver(() => {
    const pixels = Math.round(Math.floor(host.clientWidth) * devicePixelRatio);
    if (pixels === cells.width && size > 0) return;
    size = Math.floor(host.clientWidth);
    for (const context of [cellsContext, flowsContext]) {
      context.canvas.width = context.canvas.height = pixels;
      context.setTransform(pixels / Math.max(1, size), 0, 0, pixels / Math.max(1, size), 0, 0);
    }
    anew();
    // A new size empties a canvas: painted at once, it is never seen empty.
    paint(performance.now());
  });
  fit.observe(host);
  const sight = new IntersectionObserver(([entry]) => {
    inSight = entry?.isIntersecting ?? true;
    seen();
  });
  sight.observe(host);
  document.addEventListener('visibilitychange', seen);
  reducedMotion.addEventListener('change', anew);
  const stopTheme = watchTheme(anew);

  return {
    show(shown) {
      scene = shown;
      if (!hidden()) plan(0);
    },
    radii: () => radii,
    end() {
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
      fit.disconnect();
      sight.disconnect();
      document.removeEventListener('visibilitychange', seen);
      reducedMotion.removeEventListener('change', anew);
      stopTheme();
    },
  };
}

/** As if the whole circle had been painted with something else: every wedge is dirty. */
function blank(): ReadonlyMap<string, Painted> {
  return new Map([['', { angle: 0, reach: Math.PI, look: '' }]]);
}
