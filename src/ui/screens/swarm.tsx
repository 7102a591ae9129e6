import { type JSX, useRef, useState } from 'react';
import { Link } from 'wouter';
import { type SelfView, type Snapshot, usePage } from '../../app/state.ts';
import { shortId } from '../../figures/format.ts';
import { CopyButton } from '../primitives/copy-button.tsx';
import { DiagnosticsNote } from '../primitives/diagnostics-note.tsx';
import { EventList } from '../primitives/event-list.tsx';
import { Figures } from '../primitives/figures.tsx';
import { Starting } from '../primitives/starting.tsx';
import { Ring } from '../ring/ring.tsx';
import { usePicture } from '../ring/use-picture.ts';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';
import { CellFacts } from '../swarm/cell-facts.tsx';
import { Counters } from '../swarm/counters.tsx';
import { PeerTable } from '../swarm/peer-table.tsx';
import { FirstNotice, LostNotice } from '../swarm/swarm-notice.tsx';
import { areOnOneMachine, livePeers } from '../transfers.ts';

const lastEvents = 20;

/** The ring, the swarm in figures, every peer, and what happened last. */
export function SwarmScreen(): JSX.Element {
  const snapshot = usePage(shown);
  return (
    <>
      <h1>{strings.swarm.title}</h1>
      {snapshot === undefined ? <Starting /> : <Swarm snapshot={snapshot} />}
    </>
  );
}

function Swarm({ snapshot }: { readonly snapshot: Snapshot }): JSX.Element {
  const { self, peers, events } = snapshot;
  const picture = usePicture(self.node, peers);
  const [active, setActive] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const table = useRef<HTMLTableElement>(null);
  // The ring names a cell, the table a peer.
  const cell = picture.cells.find(({ key, peers: members }) => key === active || members.some(({ node }) => node === active));

  const choose = (key: string): void => {
    const node = picture.cells.find((each) => each.key === key)?.peers[0]?.node;
    if (node === undefined) return;
    setChosen(node);
    // The row may only now be drawn.
    requestAnimationFrame(() => {
      const row = table.current?.querySelector<HTMLElement>(`[data-peer="${node}"]`);
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
    });
  };
  return (
    <>
      {self.signaling === 'lost' && <LostNotice self={self} />}
      {self.signaling === 'joined' && peers.length === 0 && <FirstNotice />}
      {areOnOneMachine(livePeers(snapshot)) && <p className="notice-card muted">{strings.swarm.oneMachine}</p>}
      <Counters peers={peers} traffic={picture.traffic} />
      <section className="card ring-card" aria-label={strings.ring.title}>
        <Ring self={self} peers={peers} picture={picture} active={cell?.key} onActive={setActive} onChoose={choose} />
        <CellFacts cell={cell} />
      </section>
      <PeerTable peers={peers} active={cell?.peers.map(({ node }) => node) ?? []} chosen={chosen} table={table} onActive={setActive} />
      <section aria-labelledby="events">
        <div className="section-head">
          <h2 id="events">{strings.swarm.events}</h2>
          <Link href="/activity">{strings.swarm.allEvents}</Link>
        </div>
        {events.length === 0 ? (
          <p className="muted">{strings.swarm.noEvents}</p>
        ) : (
          <EventList events={events.slice(-lastEvents).reverse()} labelledBy="events" />
        )}
      </section>
      <Self self={self} />
      <Diagnostics />
    </>
  );
}

function Self({ self }: { readonly self: SelfView }): JSX.Element {
  const profile = usePage((state) => state.profile);
  return (
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
