import type { JSX } from 'react';
import { commands } from '../../app/commands.ts';
import { type FileView, usePage } from '../../app/state.ts';
import { formatBytes } from '../../figures/format.ts';
import { useUploadPace } from '../paces.ts';
import { Button } from '../primitives/button.tsx';
import { TransferFigures } from '../primitives/transfer-figures.tsx';
import { anotherPeer } from '../profile-link.ts';
import { strings } from '../strings.ts';
import { isHopeless, isLost, isUploading, uploadShare } from '../transfers.ts';

interface FileProps {
  readonly file: FileView;
}

/** What can be done about an upload in its state: cancel what moves, try again or take off the list what ended badly. */
export function FileActions({ file }: FileProps): JSX.Element | null {
  if (isUploading(file)) {
    return (
      <Button kind="quiet" aria-label={strings.files.cancelOf(file.name)} onClick={() => commands.cancel(file.id)}>
        {strings.files.cancel}
      </Button>
    );
  }
  if (file.state !== 'failed' && file.state !== 'cancelled') return null;
  return (
    <>
      {commands.canRetry(file.id) && !isHopeless(file) && (
        <Button kind="quiet" aria-label={strings.files.retryOf(file.name)} onClick={() => void commands.retry(file.id)}>
          {strings.files.retry}
        </Button>
      )}
      <Button kind="quiet" aria-label={strings.files.removeOf(file.name)} onClick={() => commands.cancel(file.id)}>
        {strings.files.remove}
      </Button>
    </>
  );
}

/** Bytes that holders report as durable, of all that must be placed. What waits has no bar: nothing of it moves. */
export function UploadProgress({ file }: FileProps): JSX.Element | null {
  const pace = useUploadPace(file.id);
  if (file.state !== 'sealing' && file.state !== 'spreading') return null;
  return (
    <TransferFigures
      label={strings.files.progress(file.name)}
      share={uploadShare(file)}
      done={strings.files.stored(formatBytes(file.bytesStored), formatBytes(file.bytesTotal))}
      pace={pace}
    />
  );
}

/** The sentence of a file says why it waits, or that it is lost; this says what helps. */
export function NextHint({ file }: FileProps): JSX.Element | null {
  const profile = usePage((state) => state.profile);
  if (isLost(file)) return <p className="hint-note">{strings.files.lostNext}</p>;
  if (file.state !== 'waiting') return null;
  return (
    <p className="hint-note">
      {strings.files.waitingNext}{' '}
      <a href={anotherPeer(profile, location.search, '#/contribute')} target="_blank" rel="noopener">
        {strings.presence.another}
      </a>
    </p>
  );
}
