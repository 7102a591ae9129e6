import type { JSX } from 'react';
import { Link } from 'wouter';
import { linkOf } from '../../app/links.ts';
import { type FileView, type HolderView, usePage } from '../../app/state.ts';
import { formatAgo, formatBytes } from '../format.ts';
import { CopyField } from '../primitives/copy-field.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Figures } from '../primitives/figures.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import { ShardStrip } from '../primitives/shard-strip.tsx';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { fileMark } from '../status.ts';
import { strings } from '../strings.ts';
import { hasFailed, isUploading, worstSegment } from '../transfers.ts';
import { useNow } from '../use-page-effects.ts';
import { FileActions, UploadProgress } from './file-row.tsx';

const segmentsMax = 32;

/** One own file: how it is, where its shards are, and its link. */
export function FileScreen({ id }: { readonly id: string }): JSX.Element {
  const files = usePage((state) => shown(state)?.files);
  const file = files?.find((one) => one.id === id);
  return (
    <>
      <p>
        <Link href="/files">{strings.file.back}</Link>
      </p>
      {file !== undefined && <FileDetail file={file} />}
      {file === undefined && (
        <>
          <h1>{files === undefined ? strings.files.title : strings.file.unknown}</h1>
          {files === undefined ? <Starting /> : <p>{strings.file.unknownHint}</p>}
        </>
      )}
    </>
  );
}

function FileDetail({ file }: { readonly file: FileView }): JSX.Element {
  const now = useNow();
  return (
    <article data-file={file.id} data-state={file.state} data-health={file.health}>
      <div className="row-head">
        <h1 className="file-name">{file.name}</h1>
        <HealthMark mark={fileMark(file)} />
      </div>
      {hasFailed(file) ? <ErrorNote code={file.error} act="send" /> : <p className="lead">{file.sentence}</p>}
      <UploadProgress file={file} />
      <FileActions file={file} />
      <Figures
        items={[
          [strings.file.size, formatBytes(file.size)],
          [strings.file.added, formatAgo(file.addedMs, now)],
          ...(file.k === 0 ? [] : [[strings.file.margin, strings.file.marginOf(file.margin)] as const]),
        ]}
      />
      <section aria-labelledby="link">
        <h2 id="link">{strings.file.link}</h2>
        {file.capability === '' ? (
          <p className="muted">{isUploading(file) ? strings.file.noLink : strings.file.neverLink}</p>
        ) : (
          <>
            <CopyField label={strings.file.linkOf(file.name)} value={linkOf(file.capability)} copyLabel={strings.copy.link} />
            <p className="muted">{strings.file.linkHint}</p>
          </>
        )}
      </section>
      {file.k > 0 && <Shards file={file} />}
      <Holders holders={file.holders} />
    </article>
  );
}

function Shards({ file }: { readonly file: FileView }): JSX.Element {
  const n = file.k + file.m;
  const listed = file.segments > 1 ? Math.min(file.segments, segmentsMax) : 0;
  return (
    <section aria-labelledby="shards">
      <h2 id="shards">{strings.file.shards}</h2>
      <div data-strip="object">
        <ShardStrip k={file.k} m={file.m} held={worstSegment(file)} />
      </div>
      <p className="muted">{strings.file.code(file.k, file.m)}</p>
      {listed > 0 && (
        <ol className="segments" aria-label={strings.file.segments(file.segments)}>
          {Array.from({ length: listed }, (_, segment) => (
            <li key={segment} data-segment={segment}>
              <span className="muted">{strings.file.segment(segment)}</span>
              <ShardStrip k={file.k} m={file.m} held={file.shards.slice(segment * n, (segment + 1) * n)} first={segment * n} />
            </li>
          ))}
        </ol>
      )}
      {listed > 0 && file.segments > listed && <p className="muted">{strings.file.moreSegments(file.segments - listed)}</p>}
    </section>
  );
}

function Holders({ holders }: { readonly holders: readonly HolderView[] }): JSX.Element {
  return (
    <section aria-labelledby="holders">
      <h2 id="holders">{strings.file.holders}</h2>
      {holders.length === 0 ? (
        <p className="muted">{strings.file.noHolders}</p>
      ) : (
        <ul className="holders">
          {holders.map(({ node }) => (
            <li key={node} className="mono" data-holder={node} title={node}>
              {node.slice(0, 16)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
