import { type JSX, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { linkOf } from '../../app/links.ts';
import { type FileView, usePage } from '../../app/state.ts';
import { formatAgo, formatBytes, formatDay } from '../../figures/format.ts';
import { CopyButton } from '../primitives/copy-button.tsx';
import { CopyField } from '../primitives/copy-field.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { EventList } from '../primitives/event-list.tsx';
import { Figures } from '../primitives/figures.tsx';
import { HealthLine } from '../primitives/health-line.tsx';
import { QrButton } from '../primitives/qr-button.tsx';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { fileMark } from '../status.ts';
import { strings } from '../strings.ts';
import { hasFailed, hasLink, isLost, isUploading } from '../transfers.ts';
import { useNow } from '../use-page-effects.ts';
import { DeleteFile } from './delete-file.tsx';
import { FileHolders } from './file-holders.tsx';
import { FileShards } from './file-shards.tsx';
import { FileActions, NextHint, UploadProgress } from './file-upload.tsx';
import { NewVersion, ReplaceFile } from './new-version.tsx';

/** One own file: how it is, where its shards are, and its link. */
export function FileScreen({ id }: { readonly id: string }): JSX.Element {
  const files = usePage((state) => shown(state)?.files);
  const file = files?.find((one) => one.id === id);
  useLeaveDeleted(files !== undefined && file === undefined, file?.state === 'deleting');
  return (
    <>
      <p className="crumb">
        <Link href="/files">{strings.file.back}</Link>
      </p>
      {file !== undefined && <FileDetail file={file} />}
      {file === undefined && (
        <>
          <h1>{files === undefined ? strings.files.title : strings.file.unknown}</h1>
          {files === undefined ? <Starting /> : <p className="lead">{strings.file.unknownHint}</p>}
        </>
      )}
    </>
  );
}

/** A file that was deleted while it was looked at leads back to the others. */
function useLeaveDeleted(isGone: boolean, isDeleting: boolean): void {
  const [, navigate] = useLocation();
  const wasDeleting = useRef(false);
  useEffect(() => {
    if (isGone && wasDeleting.current) navigate('/files', { replace: true });
    wasDeleting.current = isDeleting;
  }, [isGone, isDeleting, navigate]);
}

function FileDetail({ file }: { readonly file: FileView }): JSX.Element {
  const now = useNow();
  return (
    <article data-file={file.id} data-state={file.state} data-health={file.health}>
      <div className="file-title">
        <h1 className="file-name">{file.name}</h1>
        <HealthLine mark={fileMark(file)} sentence={hasFailed(file) ? '' : file.sentence} />
      </div>
      {hasFailed(file) && <ErrorNote code={file.error} act="send" />}
      <UploadProgress file={file} />
      <NextHint file={file} />
      <NewVersion file={file} />
      <div className="row-actions">
        <FileActions file={file} />
      </div>
      <Figures
        items={[
          [strings.file.size, formatBytes(file.size)],
          [strings.file.added, formatAgo(file.addedMs, now)],
          ...(file.version > 1 ? [[strings.versions.version, String(file.version)] as const] : []),
          ...(file.leaseMs === 0 ? [] : [[isLost(file) ? strings.file.leaseEnds : strings.file.lease, formatDay(file.leaseMs)] as const]),
          ...(file.state === 'stored' && file.k > 0 ? [[strings.file.margin, strings.file.marginOf(file.margin)] as const] : []),
        ]}
      />
      {file.leaseMs > 0 && !isLost(file) && <p className="muted">{strings.file.renewed}</p>}
      {file.equivocated && <p className="hint-note">{strings.file.signedTwice}</p>}
      {!isLost(file) && <FileLink file={file} />}
      {file.k > 0 && <FileShards file={file} />}
      {(hasLink(file) || file.holders.length > 0) && <FileHolders file={file} now={now} />}
      {isLost(file) && <FileLink file={file} />}
      <History id={file.id} />
      <ReplaceFile file={file} />
      <DeleteFile file={file} />
    </article>
  );
}

function FileLink({ file }: { readonly file: FileView }): JSX.Element {
  const link = linkOf(file.capability);
  return (
    <section aria-labelledby="link">
      <h2 id="link">{strings.file.link}</h2>
      {hasLink(file) && !isLost(file) && (
        <div className="link-row">
          <CopyField label={strings.file.linkOf(file.name)} value={link} copyLabel={strings.copy.link} />
          <QrButton name={file.name} link={link} />
        </div>
      )}
      {isLost(file) && <CopyButton kind="quiet" text={link} label={strings.copy.link} />}
      <p className="muted">{linkHint(file)}</p>
    </section>
  );
}

function linkHint(file: FileView): string {
  if (file.state === 'deleting') return strings.file.linkGone;
  if (!hasLink(file)) return strings.file.neverLink;
  if (isLost(file)) return strings.file.linkLost;
  return isUploading(file) ? strings.file.linkEarly : strings.file.linkHint;
}

/** What the event log tells of it, newest first. */
function History({ id }: { readonly id: string }): JSX.Element {
  const events = usePage((state) => shown(state)?.events) ?? [];
  const own = events.filter((event) => event.kind === 'upload' && event.id === id).toReversed();
  return (
    <section aria-labelledby="history">
      <h2 id="history">{strings.file.history}</h2>
      {own.length === 0 ? <p className="muted">{strings.file.noHistory}</p> : <EventList events={own} labelledBy="history" />}
    </section>
  );
}
