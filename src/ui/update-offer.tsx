import type { JSX } from 'react';
import { applyNewer, useKeptPage } from '../app/kept-page.ts';
import { usePage } from '../app/state.ts';
import { Button } from './primitives/button.tsx';
import { shown } from './shown.ts';
import { strings } from './strings.ts';
import { isLeavingHarmful } from './transfers.ts';

/** Offers a new version; it is used when the person says so, and never while leaving would hurt (OFF-4). */
export function UpdateOffer(): JSX.Element | null {
  const { newer, busy } = useKeptPage();
  const waits = usePage((state) => isLeavingHarmful(shown(state)));
  const needed = usePage((state) => shown(state)?.self.needed ?? false);
  if (!newer) return null;
  return (
    <aside className="update-offer" role="status" data-update={waits ? 'waits' : 'ready'}>
      <p>
        {strings.update.ready} {waits && (needed ? strings.update.needed : strings.update.moving)}
        {!waits && busy && strings.update.elsewhere}
      </p>
      <Button kind="quiet" disabled={waits} onClick={() => void applyNewer()}>
        {strings.update.apply}
      </Button>
    </aside>
  );
}
