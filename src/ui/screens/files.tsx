import type { JSX } from 'react';
import { Link } from 'wouter';
import { usePage } from '../../app/state.ts';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';
import { useNow } from '../use-page-effects.ts';
import { FileRow } from './file-row.tsx';

/** All own files, newest first. */
export function FilesScreen(): JSX.Element {
  return (
    <>
      <h1>{strings.files.title}</h1>
      <FileList />
    </>
  );
}

function FileList(): JSX.Element {
  const files = usePage((state) => shown(state)?.files);
  const now = useNow();
  if (files === undefined) return <Starting />;
  if (files.length === 0) {
    return (
      <div className="empty">
        <p>{strings.files.empty}</p>
        <Link href="/" className="button button-main">
          {strings.files.dropOne}
        </Link>
      </div>
    );
  }
  return (
    <ul className="rows" aria-label={strings.files.list}>
      {files.map((file) => (
        <FileRow key={file.id} file={file} now={now} />
      ))}
    </ul>
  );
}
