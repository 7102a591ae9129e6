import { Component, type JSX, type ReactNode } from 'react';
import { Button } from './primitives/button.tsx';
import { DiagnosticsNote } from './primitives/diagnostics-note.tsx';
import { strings } from './strings.ts';

interface ErrorBoundaryState {
  readonly error?: Error;
}

/** Shows a bug of the page in words, instead of an empty page. The peer runs on in its worker. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = {};

  static getDerivedStateFromError(thrown: unknown): ErrorBoundaryState {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Broken error={error} />;
  }
}

function Broken({ error }: { readonly error: Error }): JSX.Element {
  return (
    <main className="content phase">
      <h1>{strings.phases.broken}</h1>
      <p className="lead">{strings.phases.brokenText}</p>
      <div className="row-actions">
        <Button kind="main" onClick={() => location.reload()}>
          {strings.phases.reload}
        </Button>
      </div>
      <DiagnosticsNote error={error} />
    </main>
  );
}
