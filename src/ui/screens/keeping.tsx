import type { JSX } from 'react';
import type { SelfView } from '../../app/state.ts';
import { Button } from '../primitives/button.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import { Progress } from '../primitives/progress.tsx';
import type { Mark } from '../status.ts';
import { strings } from '../strings.ts';

const words = strings.contribute;

interface KeepingProps {
  readonly self: SelfView;
  /** Asks the browser, from a click, to keep the storage. */
  onPersist(): void;
}

/** Whether the browser keeps what is held, and whether what is held is whole. */
export function Keeping({ self, onPersist }: KeepingProps): JSX.Element {
  const mark: Mark = self.persisted
    ? { word: words.persisted, shape: 'disc', tone: 'safe' }
    : { word: words.evictable, shape: 'ring', tone: 'thin' };
  return (
    <section className="card" aria-labelledby="keeping" data-persisted={self.persisted}>
      <h2 id="keeping">{words.keeping}</h2>
      <div className="keeping">
        <HealthMark mark={mark} />
        <p>{self.persisted ? words.persistedText : words.evictableText}</p>
        {!self.persisted && <p className="muted">{words.evictableNext}</p>}
      </div>
      {!self.persisted && self.contributing && <Button onClick={onPersist}>{words.persist}</Button>}
      <Check check={self.check} />
    </section>
  );
}

/** The background verification that begins with the peer. */
function Check({ check: { total, checked, lost } }: { readonly check: SelfView['check'] }): JSX.Element | null {
  if (total === 0) return null;
  const running = checked < total;
  return (
    <div className="keeping" data-check={running ? 'running' : 'done'}>
      {running && (
        <>
          <p className="muted">{words.checking(checked, total)}</p>
          <Progress label={words.verified} share={checked / total} />
        </>
      )}
      {!running && lost === 0 && <HealthMark mark={{ word: words.checked(total), shape: 'disc', tone: 'safe' }} />}
      {lost > 0 && <p className="error-note">{words.lost(lost, total)}</p>}
    </div>
  );
}
