import type { JSX } from 'react';
import { Link } from 'wouter';
import { usePage } from '../../app/state.ts';
import { filesMax } from '../dropped-entries.ts';
import { useFileIntake } from '../file-intake.ts';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';
import { useNow } from '../use-page-effects.ts';
import { DropTarget } from './drop-target.tsx';
import { FileRow } from './file-row.tsx';
import { LendingOffer } from './lending-offer.tsx';

const recentMax = 5;
const namesMax = 5;

/** One target, one sentence, who is there, and the last files. */
export function DropScreen(): JSX.Element {
  const some = usePage((state) => (shown(state)?.files.length ?? 0) > 0);
  return (
    <>
      <h1 className="hero">{strings.drop.title}</h1>
      <p className="lead">{strings.drop.afterwards}</p>
      <DropTarget compact={some} />
      <Notices />
      {some && <RecentFiles />}
      <LendingOffer />
    </>
  );
}

/** What became of the last drop, where it needs a word. */
function Notices(): JSX.Element {
  const { gathering, held, last } = useFileIntake();
  const unreadable = last?.unreadable ?? [];
  return (
    <div className="notices" role="status">
      {gathering && <p className="late muted">{strings.drop.gathering}</p>}
      {held.length > 0 && <p className="muted">{strings.drop.held(held.length)}</p>}
      {last?.more === true && <p className="hint-note">{strings.drop.more(filesMax.toLocaleString('en-GB'))}</p>}
      {unreadable.length > 0 && (
        <p className="error-note" data-unreadable={unreadable.length}>
          {strings.drop.unreadable(unreadable.slice(0, namesMax), unreadable.length - namesMax)}
        </p>
      )}
      {last?.files.length === 0 && unreadable.length === 0 && <p className="hint-note">{strings.drop.nothing}</p>}
    </div>
  );
}

function RecentFiles(): JSX.Element {
  const files = usePage((state) => shown(state)?.files) ?? [];
  const now = useNow();
  return (
    <section aria-labelledby="recent">
      <div className="section-head">
        <h2 id="recent">{strings.drop.recent}</h2>
        {files.length > recentMax && <Link href="/files">{strings.drop.all(files.length)}</Link>}
      </div>
      <ul className="panel">
        {files.slice(0, recentMax).map((file) => (
          <FileRow key={file.id} file={file} now={now} showLink />
        ))}
      </ul>
    </section>
  );
}
