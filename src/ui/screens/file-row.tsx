import { type ComponentProps, type JSX, memo } from 'react';
import { Link } from 'wouter';
import { linkOf } from '../../app/links.ts';
import type { FileView } from '../../app/state.ts';
import { formatAgo, formatBytes } from '../../figures/format.ts';
import { CopyButton } from '../primitives/copy-button.tsx';
import { CopyField } from '../primitives/copy-field.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { HealthLine } from '../primitives/health-line.tsx';
import { QrButton } from '../primitives/qr-button.tsx';
import { ShardStrip } from '../primitives/shard-strip.tsx';
import { fileMark } from '../status.ts';
import { strings } from '../strings.ts';
import { hasFailed, hasLink, isLost, isUploading, worstSegment } from '../transfers.ts';
import { FileActions, NextHint, UploadProgress } from './file-upload.tsx';
import { NewVersion } from './new-version.tsx';

interface FileRowProps extends ComponentProps<'li'> {
  readonly file: FileView;
  /** ms, to say how long ago it was added. */
  readonly now: number;
  /** Shows the link itself, not only the button that copies it. */
  readonly showLink?: boolean;
}

/** One own file in a list: what it is, how it is, its link, and what can be done with it now. */
export const FileRow = memo(function FileRow({ file, now, showLink = false, ...rest }: FileRowProps): JSX.Element {
  const link = hasLink(file) ? linkOf(file.capability) : undefined;
  return (
    <li
      {...rest}
      className={showLink ? 'file-row file-row-link' : 'file-row'}
      data-file={file.id}
      data-state={file.state}
      data-health={file.health}
    >
      <div>
        <div className="row-head">
          <Link href={`/files/${file.id}`} className="file-name">
            {file.name}
          </Link>
          <p className="row-facts muted">
            <span>{formatBytes(file.size)}</span>
            <span>{formatAgo(file.addedMs, now)}</span>
          </p>
        </div>
        <HealthLine mark={fileMark(file)} sentence={hasFailed(file) ? '' : file.sentence} />
      </div>
      {(file.k > 0 && file.state !== 'deleting') || isUploading(file) ? (
        <ShardStrip k={file.k} m={file.m} held={worstSegment(file)} />
      ) : (
        <span />
      )}
      {!showLink && (
        <div className="row-actions">
          <FileActions file={file} />
          {link !== undefined && (
            <>
              <CopyButton kind="quiet" text={link} label={strings.copy.link} fullLabel={strings.copy.linkOf(file.name)} />
              <QrButton kind="quiet" name={file.name} link={link} />
            </>
          )}
        </div>
      )}
      <div className="row-more">
        <UploadProgress file={file} />
        <NewVersion file={file} />
        <NextHint file={file} />
        {hasFailed(file) && <ErrorNote code={file.error} act="send" />}
        {showLink && <LinkLine file={file} link={link} />}
      </div>
    </li>
  );
});

interface LinkLineProps {
  readonly file: FileView;
  readonly link: string | undefined;
}

/** All of a file that its line says: while bytes move the line stays as it is. */
const inLine = ['id', 'name', 'state', 'health', 'error'] as const;
const isSameLine = (a: LinkLineProps, b: LinkLineProps): boolean => a.link === b.link && inLine.every((key) => a.file[key] === b.file[key]);

/** The link to take along, and what else can be done, in one line. */
const LinkLine = memo(function LinkLine({ file, link }: LinkLineProps): JSX.Element {
  return (
    <div className="link-row">
      {link !== undefined && isLost(file) && (
        <CopyButton kind="quiet" text={link} label={strings.copy.link} fullLabel={strings.copy.linkOf(file.name)} />
      )}
      {link !== undefined && !isLost(file) && (
        <>
          <CopyField
            kind="quiet"
            label={strings.file.linkOf(file.name)}
            value={link}
            copyLabel={strings.copy.link}
            copyFullLabel={strings.copy.linkOf(file.name)}
          />
          <QrButton kind="quiet" name={file.name} link={link} />
        </>
      )}
      <FileActions file={file} />
    </div>
  );
}, isSameLine);
