import { type JSX, useState } from 'react';
import { type EventView, type PeerView, usePage } from '../../app/state.ts';
import { eventWords } from '../event-words.ts';
import { formatBytes, formatTime, shortId } from '../format.ts';
import { Presence } from '../presence.tsx';
import { CopyButton } from '../primitives/copy-button.tsx';
import { DiagnosticsNote } from '../primitives/diagnostics-note.tsx';
import { Figures } from '../primitives/figures.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { isMarked, peerMark } from '../status.ts';
import { strings } from '../strings.ts';

/** This peer, the others, and what happened. */
export function SwarmScreen(): JSX.Element {
  const snapshot = usePage(shown);
  const profile = usePage((state) => state.profile);
  if (snapshot === undefined) {
    return (
      <>
        <h1>{strings.swarm.title}</h1>
        <Starting />
      </>
    );
  }
  const { self, peers, events } = snapshot;
  return (
    <>
      <h1>{strings.swarm.title}</h1>
      <Presence />
      <section className="card" aria-labelledby="self">
        <h2 id="self">{strings.swarm.self}</h2>
        <Figures
          items={[
            [
              strings.swarm.id,
              <span key="id" className="self-id">
                <code className="mono" title={self.node}>
                  {shortId(self.node)}
                </code>
                <CopyButton kind="quiet" text={self.node} label={strings.copy.id} />
              </span>,
            ],
            [strings.swarm.signaling, strings.signalingStates[self.signaling]],
            [strings.swarm.profile, profile === '' ? strings.swarm.unnamedProfile : profile],
          ]}
        />
      </section>
      <Peers peers={peers} />
      <Events events={events} />
      <Diagnostics />
    </>
  );
}

const stateOrder: readonly PeerView['state'][] = ['live', 'suspect', 'connecting', 'away'];

function Peers({ peers }: { readonly peers: readonly PeerView[] }): JSX.Element {
  const columns = strings.swarm.columns;
  const sorted = peers.toSorted((a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) || (a.node < b.node ? -1 : 1));
  return (
    <section aria-labelledby="peers">
      <h2 id="peers">{strings.swarm.peers}</h2>
      {peers.length === 0 ? (
        <p className="muted">{strings.swarm.nobody}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls on a narrow screen, which must work by keyboard too
        <div className="table-scroll" role="region" aria-labelledby="peers" tabIndex={0}>
          <table>
            <caption className="visually-hidden">{strings.swarm.peersCaption}</caption>
            <thead>
              <tr>
                <th scope="col">{columns.peer}</th>
                <th scope="col">{columns.state}</th>
                <th scope="col" className="number">
                  {columns.lends}
                </th>
                <th scope="col" className="number">
                  {columns.uses}
                </th>
                <th scope="col" className="number">
                  {columns.sent}
                </th>
                <th scope="col" className="number">
                  {columns.received}
                </th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((peer) => (
                <PeerRow key={peer.node} peer={peer} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function PeerRow({ peer }: { readonly peer: PeerView }): JSX.Element {
  const reasons = [...new Set(peer.verdicts)].join(', ');
  return (
    <tr data-peer={peer.node} data-state={peer.state} data-lent={peer.capacity} data-marked={isMarked(peer)}>
      <th scope="row" className="mono" title={peer.node}>
        {shortId(peer.node)}
      </th>
      <td>
        <HealthMark mark={peerMark(peer.state)} />
        {isMarked(peer) && (
          <div>
            <HealthMark mark={{ word: strings.swarm.marked(reasons), shape: 'triangle', tone: 'risk' }} />
          </div>
        )}
      </td>
      <td className="number">{peer.capacity === 0 ? strings.swarm.lendsNothing : formatBytes(peer.capacity)}</td>
      <td className="number">{formatBytes(peer.used)}</td>
      <td className="number">{formatBytes(peer.sent)}</td>
      <td className="number">{formatBytes(peer.received)}</td>
    </tr>
  );
}

function Events({ events }: { readonly events: readonly EventView[] }): JSX.Element {
  return (
    <section aria-labelledby="events">
      <h2 id="events">{strings.swarm.events}</h2>
      {events.length === 0 ? (
        <p className="muted">{strings.swarm.noEvents}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, which must work by keyboard too
        <ol className="events" tabIndex={0} aria-labelledby="events">
          {events.toReversed().map((event, index) => (
            <li key={events.length - index} data-event={event.kind}>
              <time className="mono muted" dateTime={new Date(event.ms).toISOString()}>
                {formatTime(event.ms)}
              </time>
              <span className="event-kind muted">{strings.eventKinds[event.kind]}</span>
              <span>{eventWords(event)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** Made when it is opened, so that it tells that moment. */
function Diagnostics(): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details className="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{strings.swarm.diagnostics}</summary>
      {open && <DiagnosticsNote />}
    </details>
  );
}
