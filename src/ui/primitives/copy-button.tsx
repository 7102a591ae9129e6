import { type JSX, useEffect, useRef, useState } from 'react';
import { strings } from '../strings.ts';
import { Button } from './button.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** The full name for assistive technology, where `label` alone does not say what is copied. */
  readonly fullLabel?: string;
  readonly kind?: 'main' | 'plain' | 'quiet';
  /** Called when the clipboard refused. */
  readonly onRefused?: () => void;
}

const saidMs = 2000;

/** Copies `text`, and says for two seconds whether that worked. */
export function CopyButton({ text, label, fullLabel, kind = 'plain', onRefused }: CopyButtonProps): JSX.Element {
  const [outcome, setOutcome] = useState<'done' | 'failed'>();
  const timer = useRef<number>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const say = (what: 'done' | 'failed'): void => {
    setOutcome(what);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOutcome(undefined), saidMs);
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say('done');
    } catch {
      onRefused?.();
      say('failed');
    }
  };
  return (
    <>
      <Button kind={kind} className="copy" aria-label={outcome === undefined ? fullLabel : undefined} onClick={() => void copy()}>
        {outcome === undefined ? label : strings.copy[outcome]}
      </Button>
      <span className="visually-hidden" role="status">
        {outcome !== undefined && strings.copy[outcome]}
      </span>
    </>
  );
}
