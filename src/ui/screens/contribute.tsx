import { type JSX, useState } from 'react';
import { commands } from '../../app/commands.ts';
import { errorCode, type ErrorCode, type SelfView, usePage } from '../../app/state.ts';
import { formatBytes } from '../format.ts';
import { CapacityControl } from '../primitives/capacity-control.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Figures } from '../primitives/figures.tsx';
import { Starting } from '../primitives/starting.tsx';
import { UsageBar } from '../primitives/usage-bar.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';

const capacityAtFirst = 1_000_000_000;

/** The switch, how much is lent, and what of it is in use. */
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
  // What was asked for here; until then, what the peer lends.
  const [asked, setAsked] = useState<number>();
  const capacity = asked ?? (self.capacity > 0 ? self.capacity : capacityAtFirst);
  const [error, setError] = useState<ErrorCode>();

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
      <div className="card switch-row">
        <span id="contribute-label">{strings.contribute.toggle}</span>
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
      <div className="card">
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
          <ErrorNote code={error} act="send" />
        </div>
      )}
      <Use self={self} />
    </section>
  );
}

function Use({ self }: { readonly self: SelfView }): JSX.Element {
  const lent = self.contributing ? self.capacity : 0;
  const bytes = { used: formatBytes(self.used), reserved: formatBytes(self.reserved), lent: formatBytes(lent) };
  return (
    <section className="card" aria-labelledby="use">
      <h2 id="use">{strings.contribute.use}</h2>
      <UsageBar
        label={strings.contribute.bar(bytes.used, bytes.reserved, bytes.lent)}
        used={self.used}
        reserved={self.reserved}
        capacity={Math.max(lent, self.used + self.reserved)}
      />
      <Figures
        items={[
          [strings.contribute.used, bytes.used],
          [strings.contribute.reserved, bytes.reserved],
          [strings.contribute.free, formatBytes(lent - self.used - self.reserved)],
          [strings.contribute.lent, bytes.lent],
          [strings.contribute.shards, self.shards],
        ]}
      />
      {self.contributing && self.used > self.capacity && <p className="muted">{strings.contribute.below}</p>}
      {!self.contributing && self.shards > 0 && <p className="muted">{strings.contribute.offWithShards}</p>}
    </section>
  );
}
