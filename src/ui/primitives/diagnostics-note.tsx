import { type JSX, useState } from 'react';
import { pageState } from '../../app/state.ts';
import { diagnostics } from '../diagnostics.ts';
import { strings } from '../strings.ts';
import { CopyButton } from './copy-button.tsx';

/** Diagnostics as they were when this appeared, to read and to copy. */
export function DiagnosticsNote({ error }: { readonly error?: Error }): JSX.Element {
  const [text] = useState(() => diagnostics(pageState(), navigator.userAgent, error));
  return (
    <div className="diagnostics">
      <p className="muted">{strings.swarm.diagnosticsHint}</p>
      <textarea className="field mono" readOnly rows={8} value={text} aria-label={strings.swarm.diagnostics} />
      <CopyButton text={text} label={strings.copy.diagnostics} />
    </div>
  );
}
