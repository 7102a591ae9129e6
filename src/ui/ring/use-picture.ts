import { useEffect, useReducer, useState } from 'react';
import type { PeerView } from '../../app/state.ts';
import { afterSwarm, noPicture, type Picture, settledPicture } from './picture.ts';

const settleEveryMs = 500;
const sayEveryMs = 5000;

/** A snapshot came, or only time went by. */
interface Told {
  readonly self: string;
  readonly peers?: readonly PeerView[];
  readonly nowMs: number;
}

const after = (before: Picture, { self, peers, nowMs }: Told): Picture =>
  peers === undefined ? settledPicture(before, nowMs) : afterSwarm(before, self, peers, nowMs);

/** The ring's picture of the peers, from snapshot to snapshot and on until nothing moves any more. */
export function usePicture(self: string, peers: readonly PeerView[]): Picture {
  const [picture, tell] = useReducer(after, noPicture);
  useEffect(() => tell({ self, peers, nowMs: performance.now() }), [self, peers]);
  const moving = picture.traffic.steps.length > 0;
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => tell({ self, nowMs: performance.now() }), settleEveryMs);
    return () => clearInterval(timer);
  }, [moving, self]);
  return picture;
}

/** The text as it was at most 5 s ago: a live region that changed with every snapshot would never be heard out. */
export function useSeldom(text: string): string {
  const [said, setSaid] = useState({ text, ms: -Infinity });
  useEffect(() => {
    if (text === said.text) return;
    const waitMs = Math.max(0, said.ms + sayEveryMs - performance.now());
    const timer = setTimeout(() => setSaid({ text, ms: performance.now() }), waitMs);
    return () => clearTimeout(timer);
  }, [text, said]);
  return said.text;
}
