import type { JSX } from 'react';
import { applyNewer, useKeptPage } from '../app/kept-page.ts';
import { usePage } from '../app/state.ts';
import { Button } from './primitives/button.tsx';
import { shown } from './shown.ts';
import { strings } from './strings.ts';
import { isLeavingHarmful } from './transfers.ts';

/** Offers a new version; it is used when the person says so, and never while something moves (OFF-4). */
export function UpdateOffer(): JSX.Element | null {
  const { newer, busy } = useKeptPage();
  const moving = usePage((state) => isLeavingHarmful(shown(state)));
  if (!newer) return null;
  return (
    <aside className="update-offer" role="status" data-update={moving ? 'waits' : 'ready'}>
      <p>
        {strings.update.ready} {moving && strings.update.moving}
        {!moving && busy && strings.update.elsewhere}
      </p>
      <Button kind="quiet" disabled={moving} onClick={() => void applyNewer()}>
        {strings.update.apply}
      </Button>
    </aside>
  );
}
