import type { JSX } from 'react';
import { usePage } from '../../app/state.ts';
import { useOpenedLink } from '../opened-link.ts';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';
import { PasteLink } from './paste-link.tsx';
import { ReceiveCard } from './receive-card.tsx';

/** What a link opens: the one this tab was opened with first, then those opened before, and a place to paste another. */
export function ReceiveScreen(): JSX.Element {
  const { capability, receiveId, error } = useOpenedLink();
  const receives = usePage((state) => shown(state)?.receives) ?? [];
  const current = receives.find((receive) => receive.id === receiveId);
  const others = receives.filter((receive) => receive !== current);
  return (
    <>
      {current === undefined && (
        <h1>{capability === undefined || error !== undefined ? strings.receive.title : strings.receive.titleUnnamed}</h1>
      )}
      {error !== undefined && (
        <div data-receive="" data-state="failed">
          <ErrorNote code={error} act="receive" />
        </div>
      )}
      {current !== undefined && <ReceiveCard receive={current} main />}
      {current === undefined && capability !== undefined && error === undefined && <Starting />}
      <PasteLink />
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others">{strings.receive.others}</h2>
          <div className="rows">
            {others.map((receive) => (
              <ReceiveCard key={receive.id} receive={receive} />
            ))}
          </div>
        </section>
      )}
    </>
  );
}
