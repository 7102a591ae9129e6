import type { JSX } from 'react';
import type { Mark, Shape } from '../status.ts';

const shapes: Record<Shape, JSX.Element> = {
  disc: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  ring: <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" strokeWidth="2.5" />,
  triangle: <path d="M8 2.2 14.2 13.4H1.8Z" fill="currentColor" />,
  square: <rect x="3" y="3" width="10" height="10" rx="1.5" fill="currentColor" />,
  diamond: <path d="M8 1.6 14.4 8 8 14.4 1.6 8Z" fill="currentColor" />,
  cross: <path d="M3.5 3.5l9 9m0-9l-9 9" fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />,
  arrow: (
    <path
      d="M2 8h11M8.5 3.5 13 8l-4.5 4.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
};

/** The shape of a state, silent to assistive technology: the word beside it carries the meaning. */
export function ShapeMark({ shape }: { readonly shape: Shape }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false" data-shape={shape}>
      {shapes[shape]}
    </svg>
  );
}

/** A state as shape, colour and word. */
export function HealthMark({ mark }: { readonly mark: Mark }): JSX.Element {
  return (
    <span className={`mark tone-${mark.tone}`}>
      <ShapeMark shape={mark.shape} />
      {mark.word}
    </span>
  );
}
