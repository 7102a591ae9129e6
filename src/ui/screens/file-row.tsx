import type { JSX } from 'react';
import { Link } from 'wouter';
import { commands } from '../../app/commands.ts';
import { linkOf } from '../../app/links.ts';
import type { FileView } from '../../app/state.ts';
import { formatAgo, formatBytes, formatPercent } from '../format.ts';
import { Button } from '../primitives/button.tsx';
import { CopyButton } from '../primitives/copy-button.tsx';
import { CopyField } from '../primitives/copy-field.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import { Progress } from '../primitives/progress.tsx';
import { ShardStrip } from '../primitives/shard-strip.tsx';
import { fileMark } from '../status.ts';
import { strings } from '../strings.ts';
import { hasFailed, isUploading, uploadShare, worstSegment } from '../transfers.ts';

interface FileRowProps {
  readonly file: FileView;
  /** ms, to say how long ago it was added. */
  readonly now: number;
  /** Shows the link itself, not only the button that copies it. */
  readonly showLink?: boolean;
}

/** One own file in a list: what it is, how it is, its link, and what can be done with it now. */
export function FileRow({ file, now, showLink = false }: FileRowProps): JSX.Element {
  const link = file.capability === '' ? undefined : linkOf(file.capability);
  return (
    <li className="card file-row" data-file={file.id} data-state={file.state} data-health={file.health}>
      <div className="row-head">
        <Link href={`/files/${file.id}`} className="file-name">
          {file.name}
        </Link>
        <HealthMark mark={fileMark(file)} />
      </div>
      <p className="row-facts muted">
        <span>{formatBytes(file.size)}</span>
        <span>{strings.files.added(formatAgo(file.addedMs, now))}</span>
      </p>
      {(file.k > 0 || isUploading(file)) && <ShardStrip k={file.k} m={file.m} held={worstSegment(file)} />}
      <UploadProgress file={file} />
      {hasFailed(file) ? <ErrorNote code={file.error} act="send" /> : <p className="sentence">{file.sentence}</p>}
      {showLink && link !== undefined && (
        <CopyField
          label={strings.file.linkOf(file.name)}
          value={link}
          copyLabel={strings.copy.link}
          copyFullLabel={strings.copy.linkOf(file.name)}
        />
      )}
      <div className="row-actions">
        {!showLink && link !== undefined && (
          <CopyButton kind="quiet" text={link} label={strings.copy.link} fullLabel={strings.copy.linkOf(file.name)} />
        )}
        <FileActions file={file} />
      </div>
    </li>
  );
}

/** What can be done about an upload in its state: cancel what moves, try again or take off the list what ended badly. */
export function FileActions({ file }: { readonly file: FileView }): JSX.Element | null {
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
      {commands.canRetry(file.id) && (
        <Button kind="quiet" aria-label={strings.files.retryOf(file.name)} onClick={() => commands.retry(file.id)}>
          {strings.files.retry}
        </Button>
      )}
      <Button kind="quiet" aria-label={strings.files.removeOf(file.name)} onClick={() => commands.cancel(file.id)}>
        {strings.files.remove}
      </Button>
    </>
  );
}

/** Bytes that holders report as durable, of all that must be placed. */
export function UploadProgress({ file }: { readonly file: FileView }): JSX.Element | null {
  if (!isUploading(file)) return null;
  const share = uploadShare(file);
  return (
    <div className="transfer">
      <Progress label={strings.files.progress(file.name)} share={share} />
      {share !== undefined && (
        <p className="row-facts">
          <span>{formatPercent(share)}</span>
          <span className="muted">{strings.files.stored(formatBytes(file.bytesStored), formatBytes(file.bytesTotal))}</span>
        </p>
      )}
    </div>
  );
}
