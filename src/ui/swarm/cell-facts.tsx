import type { JSX } from 'react';
import { formatBytes, shortId } from '../../figures/format.ts';
import { Figures } from '../primitives/figures.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import type { Cell } from '../ring/cells.ts';
import { lookOfCell } from '../ring/palette.ts';
import { domainName } from '../ring/ring-words.ts';
import { strings } from '../strings.ts';

/** The facts of the cell that pointer or focus is on, else what the ring means. Assistive technology hears them from the ring itself. */
export function CellFacts({ cell }: { readonly cell: Cell | undefined }): JSX.Element {
  return (
    <div className="cell-facts" aria-hidden={cell !== undefined}>
      {cell === undefined ? <Legend /> : <Facts cell={cell} />}
    </div>
  );
}

function Facts({ cell }: { readonly cell: Cell }): JSX.Element {
  const { peers, marked } = cell;
  const [one] = peers;
  const alone = peers.length === 1 ? one : undefined;
  const columns = strings.swarm.columns;
  const sum = (key: 'capacity' | 'used' | 'sent' | 'received'): number => peers.reduce((all, peer) => all + peer[key], 0);
  const word = marked && alone ? strings.swarm.marked([...new Set(alone.verdicts)].join(', ')) : strings.peerStates[cell.state];
  return (
    <>
      <h2 className={alone === undefined ? undefined : 'mono'}>
        {alone === undefined ? strings.ring.sector(peers.length) : shortId(alone.node)}
      </h2>
      <HealthMark mark={{ word, ...lookOfCell(cell) }} />
      {alone?.linked === false && <p className="muted peer-note">{strings.swarm.unlinked}</p>}
      <Figures
        items={[
          [columns.lends, sum('capacity') === 0 ? strings.swarm.lendsNothing : formatBytes(sum('capacity'))],
          [columns.uses, formatBytes(sum('used'))],
          [columns.sent, formatBytes(sum('sent'))],
          [columns.received, formatBytes(sum('received'))],
          ...(alone?.domain === undefined
            ? []
            : [[strings.ring.domainName, <code key="domain">{domainName(alone.domain)}</code>] as const]),
          ...(alone?.region === undefined ? [] : [[strings.ring.regionName, alone.region] as const]),
        ]}
      />
    </>
  );
}

function Legend(): JSX.Element {
  const words = strings.ring;
  return (
    <>
      <h2>{words.legend}</h2>
      <ul className="legend muted">
        <li data-sign="arc">{words.legendArc}</li>
        <li data-sign="flow">{words.legendFlow}</li>
        <li data-sign="band">{words.legendBand}</li>
        <li data-sign="scar">{words.legendScar}</li>
        <li data-sign="marked">{words.legendMarked}</li>
      </ul>
      <p className="muted">{words.hint}</p>
    </>
  );
}
