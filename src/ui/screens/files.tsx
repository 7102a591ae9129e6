import { type JSX, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { type FileView, usePage } from '../../app/state.ts';
import { named, worstFirst } from '../file-order.ts';
import { Button } from '../primitives/button.tsx';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';
import { DropTarget } from './drop-target.tsx';
import { FileList } from './file-list.tsx';
import { LendingOffer } from './lending-offer.tsx';

/** Fewer files are seen at one look. */
const searchFrom = 8;

/** All own files, worst first; what can be dropped where there are none. */
export function FilesScreen(): JSX.Element {
  const files = usePage((state) => shown(state)?.files);
  return (
    <>
      <h1>{strings.files.title}</h1>
      {files === undefined && <Starting />}
      {files?.length === 0 && (
        <>
          <p className="lead">{strings.files.empty}</p>
          <DropTarget />
        </>
      )}
      {files !== undefined && <LendingOffer />}
      {files !== undefined && files.length > 0 && <Listing files={files} />}
    </>
  );
}

function Listing({ files }: { readonly files: readonly FileView[] }): JSX.Element {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed);
  const found = useMemo(() => worstFirst(named(files, search)), [files, search]);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const showAll = (): void => {
    setTyped('');
    // The button that was pressed goes away, and must not take the focus with it.
    input.current?.focus();
  };
  return (
    <>
      <div className="files-tools">
        <p className="muted" role="status">
          {strings.files.count(found.length, files.length)}
        </p>
        {files.length >= searchFrom && (
          <div className="files-search">
            <label htmlFor={id} className="visually-hidden">
              {strings.files.search}
            </label>
            <input
              ref={input}
              id={id}
              type="search"
              className="field"
              placeholder={strings.files.search}
              value={typed}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
        )}
      </div>
      {found.length > 0 ? (
        <FileList files={found} />
      ) : (
        <div className="empty">
          <p>{strings.files.noMatch}</p>
          <Button onClick={showAll}>{strings.files.clearSearch}</Button>
        </div>
      )}
    </>
  );
}
