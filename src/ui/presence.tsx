import type { JSX } from 'react';
import { type PageState, type Phase, type SelfView, usePage } from '../app/state.ts';
import { HealthMark } from './primitives/health-mark.tsx';
import { type PresenceWords, presenceWords } from './presence-words.ts';
import { anotherPeer } from './profile-link.ts';
import { shown } from './shown.ts';
import type { Mark } from './status.ts';
import { strings } from './strings.ts';
import { livePeers } from './transfers.ts';

/** Who is there, in one mark: for the head of the page. */
export function PresenceMark(): JSX.Element {
  const phase = usePage((state) => state.phase);
  const signaling = usePage((state) => shown(state)?.self.signaling);
  const live = usePage((state) => livePeers(shown(state)).length);
  return <HealthMark mark={presenceMark(phase, signaling, live)} />;
}

function presenceMark(phase: Phase, signaling: SelfView['signaling'] | undefined, live: number): Mark {
  if (phase !== 'running' && phase !== 'starting') return { word: strings.presence.stopped, shape: 'square', tone: 'muted' };
  if (phase === 'starting' || signaling === undefined) return { word: strings.presence.starting, shape: 'arrow', tone: 'muted' };
  if (signaling === 'lost') return { word: strings.presence.lost, shape: 'triangle', tone: 'thin' };
  if (signaling === 'connecting' && live === 0) return { word: strings.presence.connecting, shape: 'arrow', tone: 'muted' };
  return { word: strings.presence.peers(live), shape: live === 0 ? 'ring' : 'disc', tone: live === 0 ? 'muted' : 'safe' };
}

function wordsOf(state: PageState): PresenceWords | undefined {
  const snapshot = shown(state);
  return snapshot === undefined ? undefined : presenceWords(snapshot);
}

/** What the number of peers means for a person about to drop a file. */
export function Presence(): JSX.Element {
  const starting = usePage((state) => state.phase === 'starting');
  const text = usePage((state) => wordsOf(state)?.text);
  const alone = usePage((state) => wordsOf(state)?.alone === true);
  const profile = usePage((state) => state.profile);
  return (
    <p className="presence" role="status">
      {text === undefined && <span className="late muted">{starting ? strings.presence.starting : strings.presence.connecting}</span>}
      {text}{' '}
      {alone && (
        <a href={anotherPeer(profile, location.search)} target="_blank" rel="noopener">
          {strings.presence.another}
        </a>
      )}
    </p>
  );
}
