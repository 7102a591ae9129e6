import { type JSX, memo, type RefObject, useState } from 'react';
import type { PeerView } from '../../app/state.ts';
import { formatBytes, shortId } from '../../figures/format.ts';
import { Button } from '../primitives/button.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import { isMarked, peerMark } from '../status.ts';
import { strings } from '../strings.ts';
import { rowsStep, tableOrder, tableRows } from './peer-order.ts';

interface PeerTableProps {
  readonly peers: readonly PeerView[];
  /** Peers of the ring's cell that pointer or focus is on. */
  readonly active: readonly string[];
  /** A peer chosen on the ring: its row is shown even past the bound. */
  readonly chosen: string | undefined;
  readonly table: RefObject<HTMLTableElement | null>;
  onActive(node: string | undefined): void;
}

/** What the ring shows, as a table. */
export function PeerTable({ peers, active, chosen, table, onActive }: PeerTableProps): JSX.Element {
  const [count, setCount] = useState(rowsStep);
  const rows = tableRows(tableOrder(peers), count, chosen);
  const columns = strings.swarm.columns;
  const rest = peers.length - rows.length;
  return (
    <section>
      <h2 id="peers">{strings.swarm.peers}</h2>
      {peers.length === 0 ? (
        <p className="muted">{strings.swarm.nobody}</p>
      ) : (
        <div className="table-scroll" role="region" aria-labelledby="peers" tabIndex={0} onPointerLeave={() => onActive(undefined)}>
          <table ref={table} className="peer-table">
            <caption className="visually-hidden">{strings.swarm.peersCaption}</caption>
            <thead>
              <tr>
                <th scope="col">{columns.peer}</th>
                <th scope="col">{columns.state}</th>
                {[columns.lends, columns.uses, columns.sent, columns.received].map((name) => (
                  <th key={name} scope="col" className="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((peer) => (
                <PeerRow key={peer.node} peer={peer} isActive={active.includes(peer.node)} onActive={onActive} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rest > 0 && (
        <div className="row-actions">
          <Button onClick={() => setCount(count + rowsStep)}>{strings.swarm.more(Math.min(rest, rowsStep))}</Button>
          <span className="muted more-note">{strings.swarm.shownOf(rows.length, peers.length)}</span>
        </div>
      )}
    </section>
  );
}

interface PeerRowProps {
  readonly peer: PeerView;
  readonly isActive: boolean;
  onActive(node: string | undefined): void;
}

const PeerRow = memo(function PeerRow({ peer, isActive, onActive }: PeerRowProps): JSX.Element {
  const reasons = [...new Set(peer.verdicts)].join(', ');
  const figure = (bytes: number): string => (peer.linked ? formatBytes(bytes) : strings.swarm.noFigure);
  return (
    <tr
      data-peer={peer.node}
      data-state={peer.state}
      data-lent={peer.capacity}
      data-marked={isMarked(peer)}
      data-sent={peer.sent}
      data-received={peer.received}
      data-linked={peer.linked}
      data-active={isActive || undefined}
      tabIndex={-1}
      onPointerEnter={() => onActive(peer.node)}
    >
      <th scope="row" className="mono" title={peer.node}>
        {shortId(peer.node)}
      </th>
      <td>
        <HealthMark mark={peerMark(peer.state)} />
        {!peer.linked && <div className="muted peer-note">{strings.swarm.unlinked}</div>}
        {isMarked(peer) && (
          <div>
            <HealthMark mark={{ word: strings.swarm.marked(reasons), shape: 'triangle', tone: 'risk' }} />
          </div>
        )}
      </td>
      <td className="number">{peer.capacity === 0 ? strings.swarm.lendsNothing : formatBytes(peer.capacity)}</td>
      <td className="number">{formatBytes(peer.used)}</td>
      <td className="number">{figure(peer.sent)}</td>
      <td className="number">{figure(peer.received)}</td>
    </tr>
  );
}, sameRow);

/** Every snapshot brings new objects; a row is drawn again only when what it shows differs. */
function sameRow(a: PeerRowProps, b: PeerRowProps): boolean {
  const { peer } = b;
  return (
    a.isActive === b.isActive &&
    a.onActive === b.onActive &&
    (['node', 'state', 'linked', 'capacity', 'used', 'sent', 'received'] as const).every((key) => a.peer[key] === peer[key]) &&
    a.peer.verdicts.join() === peer.verdicts.join()
  );
}
