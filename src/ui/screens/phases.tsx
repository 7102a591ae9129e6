import { type JSX, useState } from 'react';
import { commands } from '../../app/commands.ts';
import { usePage } from '../../app/state.ts';
import { Button } from '../primitives/button.tsx';
import { DiagnosticsNote } from '../primitives/diagnostics-note.tsx';
import { useOpenedLink } from '../opened-link.ts';
import { anotherPeer } from '../profile-link.ts';
import { strings } from '../strings.ts';

/** Another tab of this profile runs the peer. */
export function ElsewhereScreen(): JSX.Element {
  const profile = usePage((state) => state.profile);
  const { capability } = useOpenedLink();
  const [taking, setTaking] = useState(false);
  const takeOver = async (): Promise<void> => {
    setTaking(true);
    try {
      await commands.takeOver();
    } finally {
      setTaking(false);
    }
  };
  return (
    <div className="phase">
      <h1>{strings.phases.elsewhere}</h1>
      <p className="lead">{strings.phases.elsewhereText}</p>
      {capability !== undefined && <p>{strings.phases.elsewhereLink}</p>}
      <div className="row-actions">
        <Button kind="main" disabled={taking} onClick={() => void takeOver()}>
          {taking ? strings.phases.takingOver : strings.phases.useHere}
        </Button>
        <a className="button button-plain" href={anotherPeer(profile, location.search, location.hash)}>
          {strings.phases.another}
        </a>
      </div>
    </div>
  );
}

/** No secure context: the browser gives neither encryption nor storage. */
export function InsecureScreen(): JSX.Element {
  return (
    <div className="phase">
      <h1>{strings.phases.insecure}</h1>
      <p className="lead">{strings.phases.insecureText}</p>
      <p>{strings.phases.insecureNext}</p>
    </div>
  );
}

/** The peer could not start: why, try again, and what to report. */
export function FailedScreen(): JSX.Element {
  const failure = usePage((state) => state.failure);
  return (
    <div className="phase">
      <h1>{strings.phases.failed}</h1>
      <p className="lead">{failure ?? strings.phases.failedUnknown}</p>
      <div className="row-actions">
        <Button kind="main" onClick={() => void commands.start()}>
          {strings.phases.retry}
        </Button>
      </div>
      <DiagnosticsNote />
    </div>
  );
}
