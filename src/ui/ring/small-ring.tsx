import type { JSX } from 'react';
import { type SelfView, usePage } from '../../app/state.ts';
import { shown } from '../shown.ts';
import { RingCanvas } from './ring-canvas.tsx';
import { usePicture } from './use-picture.ts';

const nobody: never[] = [];
/** A bead goes a few pixels between two of its frames, at 12 a second. */
const smallFrameMs = 1000 / 12;

/** The ring as a small picture, without words: the number of peers stands beside it. */
export function SmallRing(): JSX.Element {
  const self = usePage((state) => shown(state)?.self);
  return <span className="ring-small">{self === undefined ? <span className="ring-canvas" /> : <Small self={self} />}</span>;
}

function Small({ self }: { readonly self: SelfView }): JSX.Element {
  const peers = usePage((state) => shown(state)?.peers) ?? nobody;
  return <RingCanvas self={self} picture={usePicture(self.node, peers)} leastMs={smallFrameMs} />;
}
