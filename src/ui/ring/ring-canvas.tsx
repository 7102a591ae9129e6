import { type JSX, type PointerEvent, useEffect, useRef } from 'react';
import type { SelfView } from '../../app/state.ts';
import { cellAt } from './geometry.ts';
import { frameMs } from './motion.ts';
import { type Picture, sceneOf } from './picture.ts';
import { createStage, type Stage } from './stage.ts';

interface RingCanvasProps {
  readonly self: SelfView;
  readonly picture: Picture;
  readonly active?: string | undefined;
  /** Least time between two frames. */
  readonly leastMs?: number;
  /** The cell under the pointer; undefined when it left. */
  readonly onPoint?: (key: string | undefined) => void;
  /** A cell was clicked. */
  readonly onChoose?: (key: string) => void;
}

/** The ring as a picture. Whoever uses it says the same in words beside it. */
export function RingCanvas({ self, picture, active, leastMs = frameMs, onPoint, onChoose }: RingCanvasProps): JSX.Element {
  const host = useRef<HTMLSpanElement>(null);
  const cells = useRef<HTMLCanvasElement>(null);
  const flows = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage>(undefined);

  useEffect(() => {
    if (host.current === null || cells.current === null || flows.current === null) return;
    const made = createStage(host.current, cells.current, flows.current, leastMs);
    stage.current = made;
    return () => made.end();
  }, [leastMs]);
  useEffect(() => stage.current?.show(sceneOf(picture, self, active)));

  const under = (event: PointerEvent): string | undefined => {
    const radii = stage.current?.radii();
    const box = host.current?.getBoundingClientRect();
    if (radii === undefined || box === undefined) return undefined;
    return cellAt(radii, picture.cells, { x: event.clientX - box.left, y: event.clientY - box.top })?.key;
  };
  return (
    <span
      ref={host}
      className="ring-canvas"
      aria-hidden="true"
      onPointerMove={onPoint && ((event) => onPoint(under(event)))}
      onPointerLeave={onPoint && (() => onPoint(undefined))}
      onPointerUp={
        onChoose &&
        ((event) => {
          const key = under(event);
          if (key !== undefined) onChoose(key);
        })
      }
    >
      <canvas ref={cells} />
      <canvas ref={flows} />
    </span>
  );
}
