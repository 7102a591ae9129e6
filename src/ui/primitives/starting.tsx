import type { JSX } from 'react';
import { strings } from '../strings.ts';

/** Stands in while the peer starts; says so only after 300 ms, because mostly it is faster. */
export function Starting(): JSX.Element {
  return (
    <p className="late muted" role="status">
      {strings.phases.starting}
    </p>
  );
}
