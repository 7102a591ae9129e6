import type { JSX } from 'react';

const radius = 46;
const drawnMax = 128;

/** Where an id stands on the circle, 0 to 1. */
function turn(node: string): number {
  const value = Number.parseInt(node.slice(0, 8), 16);
  return Number.isNaN(value) ? 0 : value / 2 ** 32;
}

/** Live peers on a circle at the angle of their id, this one at the bottom. A picture only: the number stands beside it. */
export function PeerRing({ self, peers }: { readonly self: string; readonly peers: readonly string[] }): JSX.Element {
  const place = (node: string): { cx: string; cy: string } => {
    const angle = (turn(node) - turn(self)) * 2 * Math.PI + Math.PI / 2;
    return { cx: (radius * Math.cos(angle)).toFixed(2), cy: (radius * Math.sin(angle)).toFixed(2) };
  };
  return (
    <svg className="ring" viewBox="-56 -56 112 112" aria-hidden="true" focusable="false">
      <circle className="ring-line" r={radius} />
      {peers.slice(0, drawnMax).map((node) => (
        <circle key={node} className="ring-peer" r="3.5" {...place(node)} />
      ))}
      <circle className="ring-self" r="5" cx="0" cy={radius} />
    </svg>
  );
}
