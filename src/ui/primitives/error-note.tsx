import type { JSX } from 'react';
import { type Act, errorWords } from '../error-words.ts';

/** A failure in words, with its next step. Its code stands there for whoever reports it. */
export function ErrorNote({ code, act }: { readonly code: string | undefined; readonly act: Act }): JSX.Element {
  const { what, next } = errorWords(code, act);
  return (
    <p className="error-note" data-error={code}>
      <strong>{what}</strong> {next}
    </p>
  );
}
