import { peerView } from '../../test/views.ts';
import type { PeerView } from '../../src/app/state.ts';
import { type Scene, paintCells, paintedOf, paintFlows, radiiOf } from '../../src/ui/ring/frame.ts';
import { frameMs } from '../../src/ui/ring/motion.ts';
import { readPalette } from '../../src/ui/ring/palette.ts';
import { afterSwarm, noPicture, type Picture } from '../../src/ui/ring/picture.ts';
import type { Painted } from '../../src/ui/ring/wedges.ts';
import '../../src/ui/styles/tokens.css';
import { benchmark } from '../benchmark.ts';
import { quick } from '../measure.ts';

const frames = quick() ? 60 : 300;
const size = 440;
const linkedMax = 64;

/** 64-digit ids that look random and are the same each time. */
function ids(count: number): string[] {
  let seed = 1;
  const digit = (): string => ((seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) >>> 28).toString(16);
  return Array.from({ length: count }, () => Array.from({ length: 64 }, digit).join(''));
}

function canvas(): CanvasRenderingContext2D {
  const made = document.createElement('canvas');
  made.width = made.height = size * 2;
  document.body.append(made);
  const context = made.getContext('2d')!;
  context.scale(2, 2);
  return context;
}

/** A whole frame at its worst: a new snapshot, every cell repainted or only the changed ones, and all flows moving. */
function measure(count: number, everything: boolean): number[] {
  const nodes = ids(count);
  const [cells, flows] = [canvas(), canvas()];
  const palette = readPalette(document.documentElement);
  let peers: readonly PeerView[] = nodes.map((node, index) =>
    peerView({ node, linked: index < linkedMax, capacity: 1e9 * (1 + (index % 50)), used: 5e8, domain: `d${index % 5}` }),
  );
  let picture: Picture = noPicture;
  let painted: ReadonlyMap<string, Painted> = new Map();
  const times: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const nowMs = frame * frameMs;
    peers = peers.map((peer, index) =>
      peer.linked ? { ...peer, sent: peer.sent + 50_000, used: peer.used + (index % 8 === frame % 8 ? 1e7 : 0) } : peer,
    );
    const begun = performance.now();
    picture = afterSwarm(picture, '0'.repeat(64), peers, nowMs);
    const scene: Scene = { self: '0'.repeat(64), own: { fill: 0.3, lends: true }, ...picture };
    const radii = radiiOf(scene, size);
    const after = paintedOf(scene, radii, nowMs, false);
    const before = everything ? new Map([['', { angle: 0, reach: Math.PI, look: '' }]]) : painted;
    paintCells({ context: cells, radii, palette }, scene, before, after, nowMs, false);
    paintFlows({ context: flows, radii, palette }, scene, nowMs, false);
    // Reading a pixel back waits until all of it is really painted.
    cells.getImageData(0, 0, 1, 1);
    flows.getImageData(0, 0, 1, 1);
    painted = after;
    times.push(performance.now() - begun);
  }
  for (const context of [cells, flows]) context.canvas.remove();
  return times;
}

benchmark('ring', async () => {
  measure(1000, true);
  return [
    { name: '1,000 peers, changed cells', unit: 'ms a frame', budget: 16, samples: measure(1000, false) },
    { name: '200 peers, changed cells', unit: 'ms a frame', budget: 16, samples: measure(200, false) },
    // Only after a resize or a change of theme: one frame, not a sequence of them.
    { name: '1,000 peers, every cell', unit: 'ms a frame', samples: measure(1000, true) },
  ];
});
