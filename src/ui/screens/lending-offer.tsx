import { type JSX, useState } from 'react';
import { Link } from 'wouter';
import { isLendingAsked, rememberLendingAsked } from '../../app/lending-asked.ts';
import { usePage } from '../../app/state.ts';
import { offersLending } from '../lending.ts';
import { Button } from '../primitives/button.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';

const words = strings.lendingOffer;

/** Asks once to lend storage, after value was felt. */
export function LendingOffer(): JSX.Element | null {
  const profile = usePage((state) => state.profile);
  const [dismissed, setDismissed] = useState(false);
  const asked = dismissed || isLendingAsked(profile);
  const offered = usePage((state) => {
    const snapshot = shown(state);
    return snapshot !== undefined && offersLending(snapshot, asked);
  });
  if (!offered) return null;
  const dismiss = (): void => {
    rememberLendingAsked(profile);
    setDismissed(true);
    // The button that was pressed goes away, and must not take the focus with it.
    document.getElementById('main')?.focus({ preventScroll: true });
  };
  return (
    <section className="card lending-offer" aria-labelledby="lending-offer">
      <div>
        <h2 id="lending-offer">{words.title}</h2>
        <p className="muted">{words.text}</p>
      </div>
      <div className="row-actions">
        <Link href="/contribute" className="button button-plain">
          {words.lend}
        </Link>
        <Button kind="quiet" onClick={dismiss}>
          {words.dismiss}
        </Button>
      </div>
    </section>
  );
}
