import { type ChangeEvent, type JSX, useRef, useState } from 'react';
import { commands } from '../../app/commands.ts';
import { errorCode, type ErrorCode, type FileView, type ReplacingView } from '../../app/state.ts';
import { formatBytes } from '../../figures/format.ts';
import { useUploadPace } from '../paces.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { HealthLine } from '../primitives/health-line.tsx';
import { TransferFigures } from '../primitives/transfer-figures.tsx';
import { fileMark } from '../status.ts';
import { strings } from '../strings.ts';
import { hasFailed, isAsBefore, isChangeable, isHopeless, isUploading, uploadShare } from '../transfers.ts';

const words = strings.versions;

interface FileProps {
  readonly file: FileView;
}

/** Why a next version was not even begun, and what is told of each that is asked for. */
function useRefusal(): readonly [note: JSX.Element | null, asked: (begun: Promise<void>) => void] {
  const [code, setCode] = useState<ErrorCode>();
  const asked = (begun: Promise<void>): void => {
    setCode(undefined);
    begun.catch((error: unknown) => setCode(errorCode(error)));
  };
  const note =
    code === undefined ? null : (
      <div role="alert">
        <ErrorNote code={code} act="replace" />
      </div>
    );
  return [note, asked];
}

/** Takes a file that becomes the next version of this one, under the same link. */
export function ReplaceFile({ file }: FileProps): JSX.Element | null {
  const input = useRef<HTMLInputElement>(null);
  const [refusal, asked] = useRefusal();
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const [chosen] = event.currentTarget.files ?? [];
    // So that the same file can be chosen again.
    event.currentTarget.value = '';
    if (chosen === undefined) return;
    // The button goes away while the version is stored, and must not take the focus with it.
    document.getElementById('main')?.focus({ preventScroll: true });
    asked(commands.replace(file.id, chosen));
  };
  if (!isChangeable(file)) return refusal;
  return (
    <section aria-labelledby="new-version">
      <h2 id="new-version">{words.title}</h2>
      <p className="muted">{words.text}</p>
      {refusal}
      <Button aria-label={words.beginOf(file.name)} onClick={() => input.current?.click()}>
        {words.begin}
      </Button>
      <input ref={input} type="file" className="visually-hidden" tabIndex={-1} aria-hidden="true" onChange={choose} />
    </section>
  );
}

/** The next version of a stored file: how far it is, or what became of it, and what can be done about it. The one before stays meanwhile. */
export function NewVersion({ file }: FileProps): JSX.Element | null {
  const { replacing } = file;
  const [refusal, asked] = useRefusal();
  if (replacing === undefined) return refusal;
  const mark = { ...fileMark({ ...replacing, health: 'Spreading' }), word: words.of(replacing.version) };
  const failed = hasFailed(replacing);
  return (
    <div className="new-version" data-version={replacing.version} data-replacing={replacing.state}>
      <div className="version-head">
        <HealthLine mark={mark} sentence={failed ? strings.fileStates.failed : replacing.sentence} />
        <div className="row-actions">
          <VersionActions file={file} replacing={replacing} asked={asked} />
        </div>
      </div>
      {refusal}
      <VersionProgress file={file} version={replacing.version} />
      {failed && (
        <>
          <ErrorNote code={replacing.error} act="replace" />
          {isAsBefore(file) && <p className="muted">{words.asBefore(file.version)}</p>}
        </>
      )}
    </div>
  );
}

function VersionProgress({ file, version }: FileProps & { readonly version: number }): JSX.Element | null {
  const pace = useUploadPace(file.id);
  const upload = file.replacing ?? file;
  if (upload.state !== 'sealing' && upload.state !== 'spreading') return null;
  return (
    <TransferFigures
      label={words.progress(version, file.name)}
      share={uploadShare(upload)}
      done={strings.files.stored(formatBytes(upload.bytesStored), formatBytes(upload.bytesTotal))}
      pace={pace}
    />
  );
}

/** Cancel what moves; try again what ended badly, or take the note of it away. */
function VersionActions({
  file,
  replacing,
  asked,
}: FileProps & { readonly replacing: ReplacingView; readonly asked: (begun: Promise<void>) => void }): JSX.Element {
  const { version } = replacing;
  const cancel = (): void => commands.cancel(file.id);
  if (isUploading(replacing))
    return (
      <Button kind="quiet" aria-label={words.cancelOf(version, file.name)} onClick={cancel}>
        {words.cancel}
      </Button>
    );
  return (
    <>
      {commands.canRetry(file.id) && !isHopeless(replacing) && (
        <Button kind="quiet" aria-label={words.retryOf(version, file.name)} onClick={() => asked(commands.retry(file.id))}>
          {words.retry}
        </Button>
      )}
      <Button kind="quiet" aria-label={words.dismissOf(version, file.name)} onClick={cancel}>
        {words.dismiss}
      </Button>
    </>
  );
}
