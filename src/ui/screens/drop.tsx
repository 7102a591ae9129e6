import { type ChangeEvent, type JSX, useRef } from 'react';
import { Link } from 'wouter';
import { usePage } from '../../app/state.ts';
import { takeFiles, useFileIntake } from '../file-intake.ts';
import { PeerRing } from '../primitives/peer-ring.tsx';
import { Presence } from '../presence.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';
import { livePeers } from '../transfers.ts';
import { useNow } from '../use-page-effects.ts';
import { FileRow } from './file-row.tsx';

const recentMax = 5;

/** One target, one sentence, who is there, and the last files. */
export function DropScreen(): JSX.Element {
  const { refusedFolder, held } = useFileIntake();
  return (
    <>
      <h1>{strings.drop.title}</h1>
      <p className="lead">{strings.drop.afterwards}</p>
      <DropTarget />
      <p className="notice" role="status">
        {refusedFolder && strings.drop.folders}
        {held.length > 0 && strings.drop.held(held.length)}
      </p>
      <Presence />
      <RecentFiles />
    </>
  );
}

function DropTarget(): JSX.Element {
  const hovering = useFileIntake((intake) => intake.hovering);
  const input = useRef<HTMLInputElement>(null);
  const self = usePage((state) => shown(state)?.self.node ?? '');
  const live = usePage((state) =>
    livePeers(shown(state))
      .map((peer) => peer.node)
      .join(' '),
  );

  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    takeFiles([...(event.currentTarget.files ?? [])]);
    // So that the same file can be chosen again.
    event.currentTarget.value = '';
  };
  return (
    <>
      <button type="button" className="drop-target" data-over={hovering} onClick={() => input.current?.click()}>
        <PeerRing self={self} peers={live.split(' ').filter((node) => node !== '')} />
        <span className="drop-words">{hovering ? strings.drop.over : strings.drop.target}</span>
        <span className="muted">{strings.drop.targetHint}</span>
      </button>
      <input ref={input} type="file" multiple className="visually-hidden" tabIndex={-1} aria-hidden="true" onChange={choose} />
    </>
  );
}

function RecentFiles(): JSX.Element | null {
  const files = usePage((state) => shown(state)?.files);
  const now = useNow();
  if (files === undefined || files.length === 0) return null;
  return (
    <section aria-labelledby="recent">
      <div className="section-head">
        <h2 id="recent">{strings.drop.recent}</h2>
        {files.length > recentMax && <Link href="/files">{strings.drop.all}</Link>}
      </div>
      <ul className="rows">
        {files.slice(0, recentMax).map((file) => (
          <FileRow key={file.id} file={file} now={now} showLink />
        ))}
      </ul>
    </section>
  );
}
