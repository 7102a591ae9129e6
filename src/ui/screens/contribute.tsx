import { type JSX, useState } from 'react';
import { commands } from '../../app/commands.ts';
import { errorCode, type ErrorCode, type SelfView, usePage } from '../../app/state.ts';
import { CapacityControl } from '../primitives/capacity-control.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';
import { DropHeld } from './drop-held.tsx';
import { Keeping } from './keeping.tsx';
import { LentUse } from './lent-use.tsx';

const capacityAtFirst = 1_000_000_000;

/** The switch, how much is lent, what of it is in use, and how safe it is here. */
export function ContributeScreen(): JSX.Element {
  const self = usePage((state) => shown(state)?.self);
  return (
    <>
      <h1>{strings.contribute.title}</h1>
      <p className="lead">{strings.contribute.intro}</p>
      {self === undefined ? <Starting /> : <Lending self={self} />}
    </>
  );
}

function Lending({ self }: { readonly self: SelfView }): JSX.Element {
  // What was asked for here while nothing is lent; what is lent is the peer's to say.
  const [asked, setAsked] = useState<number>();
  const [error, setError] = useState<ErrorCode>();
  const capacity = self.contributing && self.capacity > 0 ? self.capacity : (asked ?? capacityAtFirst);

  const contribute = async (on: boolean, bytes: number): Promise<void> => {
    setAsked(bytes);
    setError(undefined);
    try {
      await commands.contribute(on, bytes);
    } catch (thrown) {
      setError(errorCode(thrown));
    }
  };
  return (
    <section className="contribute" data-contributing={self.contributing} data-used={self.used} data-shards={self.shards}>
      <div className="panel lending">
        <div className="switch-row">
          <span id="contribute-label" className="switch-label">
            {strings.contribute.toggle}
          </span>
          <button
            type="button"
            role="switch"
            className="switch"
            aria-checked={self.contributing}
            aria-labelledby="contribute-label"
            onClick={() => void contribute(!self.contributing, capacity)}
          >
            <span className="switch-track" aria-hidden="true" />
            {self.contributing ? strings.contribute.on : strings.contribute.off}
          </button>
        </div>
        <CapacityControl
          bytes={capacity}
          onCommit={(bytes) => {
            if (self.contributing) void contribute(true, bytes);
            else setAsked(bytes);
          }}
        />
      </div>
      {error !== undefined && (
        <div role="alert">
          <ErrorNote code={error} act="lend" />
        </div>
      )}
      {(self.contributing || self.shards > 0 || self.diskFull) && (
        <>
          {self.needed && (
            <p className="notice-card tone-thin" data-needed="">
              {strings.contribute.needed}
            </p>
          )}
          <LentUse self={self} />
          <Keeping self={self} onPersist={() => void contribute(true, self.capacity)} />
          <DropHeld self={self} />
        </>
      )}
    </section>
  );
}
