import type { JSX, ReactNode } from 'react';
import type { PeerView } from '../../app/state.ts';
import { formatBytes, formatPercent, fraction } from '../../figures/format.ts';
import { HealthMark } from '../primitives/health-mark.tsx';
import { type Mark, peerMark } from '../status.ts';
import { strings } from '../strings.ts';
import { totalRate, type Traffic } from '../traffic.ts';

const words = strings.swarm.counters;

/** The swarm in figures: who is there, what they lend, and what goes over the own links. */
export function Counters({ peers, traffic }: { readonly peers: readonly PeerView[]; readonly traffic: Traffic }): JSX.Element {
  const count = (state: PeerView['state']): number => peers.filter((peer) => peer.state === state).length;
  const live = peers.filter((peer) => peer.state === 'live');
  const sum = (of: (peer: PeerView) => number, all = peers): number => all.reduce((bytes, peer) => bytes + of(peer), 0);
  const lent = sum((peer) => peer.capacity, live);
  const used = sum((peer) => peer.used, live);
  const share = fraction(used, lent);
  const { up, down } = totalRate(traffic);
  const connecting = count('connecting');
  return (
    <dl className="counters" aria-label={words.label}>
      <Counter mark={{ ...peerMark('live'), word: words.live }} note={connecting > 0 && words.connecting(connecting)}>
        {count('live')}
      </Counter>
      <Counter mark={{ ...peerMark('suspect'), word: words.suspect }}>{count('suspect')}</Counter>
      <Counter mark={{ ...peerMark('away'), word: words.away }}>{count('away')}</Counter>
      <Counter name={words.lent}>{formatBytes(lent)}</Counter>
      <Counter name={words.used} note={share !== undefined && words.usedShare(formatPercent(share))}>
        {formatBytes(used)}
      </Counter>
      <Counter name={words.up} note={words.total(formatBytes(sum((peer) => peer.sent)))}>
        {words.rate(formatBytes(up))}
      </Counter>
      <Counter name={words.down} note={words.total(formatBytes(sum((peer) => peer.received)))}>
        {words.rate(formatBytes(down))}
      </Counter>
    </dl>
  );
}

interface CounterProps {
  readonly mark?: Mark;
  readonly name?: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

function Counter({ mark, name, note, children }: CounterProps): JSX.Element {
  return (
    <div className="counter">
      <dt>{mark === undefined ? name : <HealthMark mark={mark} />}</dt>
      <dd className="counter-figure">{children}</dd>
      <dd className="counter-note">{note}</dd>
    </div>
  );
}
