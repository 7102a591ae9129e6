import type { JSX } from 'react';
import type { SelfView } from '../../app/state.ts';
import { formatBytes } from '../../figures/format.ts';
import { Figures } from '../primitives/figures.tsx';
import { UsageBar } from '../primitives/usage-bar.tsx';
import { lendingState } from '../lending.ts';
import { strings } from '../strings.ts';

interface LentUseProps {
  readonly self: SelfView;
}

/** What of the lent storage is in use, and what is refused and why. */
export function LentUse({ self }: LentUseProps): JSX.Element {
  const lent = self.contributing ? self.capacity : 0;
  const headroom = self.contributing ? self.headroom : 0;
  const bytes = { used: formatBytes(self.used), reserved: formatBytes(self.reserved), lent: formatBytes(lent) };
  return (
    <section className="card" aria-labelledby="use">
      <h2 id="use">{strings.contribute.use}</h2>
      <UsageBar
        label={strings.contribute.bar(bytes.used, bytes.reserved, bytes.lent)}
        used={self.used}
        reserved={self.reserved}
        headroom={headroom}
        capacity={Math.max(lent, self.used + self.reserved)}
      />
      <Figures
        items={[
          [strings.contribute.used, bytes.used],
          [strings.contribute.reserved, bytes.reserved],
          [strings.contribute.headroom, formatBytes(headroom)],
          [strings.contribute.free, formatBytes(lent - headroom - self.used - self.reserved)],
          [strings.contribute.lent, bytes.lent],
          [strings.contribute.shards, self.shards.toLocaleString('en-GB')],
        ]}
      />
      <LendingNote self={self} />
    </section>
  );
}

function LendingNote({ self }: LentUseProps): JSX.Element | null {
  const words = strings.contribute;
  switch (lendingState(self)) {
    case 'off':
      return self.shards > 0 ? <p className="muted">{words.offWithShards}</p> : null;
    case 'disk-full':
      return <p className="error-note">{words.diskFull(formatBytes(self.capacity))}</p>;
    case 'below':
      return <p className="hint-note">{words.below}</p>;
    case 'full':
      return <p className="hint-note">{words.full}</p>;
    case 'open':
      return <p className="muted">{words.effect(formatBytes(self.capacity - self.headroom), formatBytes(self.headroom))}</p>;
  }
}
