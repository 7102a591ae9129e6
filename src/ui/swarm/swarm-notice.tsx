import { type JSX, useEffect, useState } from 'react';
import { type SelfView, usePage } from '../../app/state.ts';
import { CopyButton } from '../primitives/copy-button.tsx';
import { QrCode } from '../primitives/qr-code.tsx';
import { isReplaced } from '../presence-words.ts';
import { anotherPeer } from '../profile-link.ts';
import { strings } from '../strings.ts';

/** Signaling was lost: what still works, and when it is tried again, if it is. */
export function LostNotice({ self }: { readonly self: SelfView }): JSX.Element {
  return (
    <div className="notice-card tone-thin" data-lost="">
      <p>
        <strong role="status">{strings.presence.lost}.</strong> {strings.swarm.lost}{' '}
        {isReplaced(self) ? (
          strings.swarm.replaced
        ) : (
          // Counted for the eye alone: heard every second it would drown everything else.
          <Countdown key={self.signalingRetryMs} atMs={self.signalingRetryMs} />
        )}
      </p>
    </div>
  );
}

function Countdown({ atMs }: { readonly atMs: number | undefined }): JSX.Element {
  const seconds = useSecondsUntil(atMs);
  return <span data-retry={seconds}>{seconds === undefined ? strings.swarm.reconnecting : strings.swarm.reconnectingIn(seconds)}</span>;
}

/** Nobody else is here: how to get a second peer, on this device or another. */
export function FirstNotice(): JSX.Element {
  const profile = usePage((state) => state.profile);
  const address = `${location.origin}/${swarmQuery(location.search)}`;
  return (
    <div className="notice-card first-peer">
      <QrCode text={address} label={strings.swarm.address} />
      <div>
        <h2>{strings.swarm.first}</h2>
        <p className="muted">{strings.swarm.firstHint}</p>
        <p className="mono address">{address}</p>
        <div className="row-actions">
          <a className="button button-main" href={anotherPeer(profile, location.search)} target="_blank" rel="noopener">
            {strings.swarm.another}
          </a>
          <CopyButton text={address} label={strings.swarm.invite} fullLabel={strings.swarm.inviteOf} />
        </div>
      </div>
    </div>
  );
}

/** Of this page's query only the swarm: another device has profiles of its own. */
export function swarmQuery(search: string): string {
  const swarm = new URLSearchParams(search).get('swarm');
  return swarm === null ? '' : `?${new URLSearchParams({ swarm })}`;
}

/** Whole seconds until a moment of the wall clock, counting down; undefined when there is none, or it is past. */
function useSecondsUntil(atMs: number | undefined): number | undefined {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (atMs === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [atMs]);
  const seconds = atMs === undefined ? 0 : Math.ceil((atMs - now) / 1000);
  return seconds > 0 ? seconds : undefined;
}
