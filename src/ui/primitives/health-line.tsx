import type { JSX } from 'react';
import type { Mark } from '../status.ts';
import { ShapeMark } from './health-mark.tsx';

interface HealthLineProps {
  readonly mark: Mark;
  /** Begins with the mark's word, or goes on after it. */
  readonly sentence: string;
}

/** The one line of truth about something: shape, word and sentence. */
export function HealthLine({ mark, sentence }: HealthLineProps): JSX.Element {
  const begins = sentence.startsWith(mark.word);
  return (
    <p className={`sentence health-line tone-${mark.tone}`}>
      <ShapeMark shape={mark.shape} />
      <span>
        <strong>{mark.word}</strong>
        {begins ? sentence.slice(mark.word.length) : sentence !== '' && `: ${sentence}`}
      </span>
    </p>
  );
}
