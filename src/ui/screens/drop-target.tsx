import { type ChangeEvent, type JSX, useRef } from 'react';
import { chosenFiles } from '../dropped-entries.ts';
import { takeFiles, useFileIntake } from '../file-intake.ts';
import { Presence } from '../presence.tsx';
import { Button } from '../primitives/button.tsx';
import { SmallRing } from '../ring/small-ring.tsx';
import { strings } from '../strings.ts';

/** Where files go in: a click anywhere on it chooses files. `compact` leaves room for files that are there already. */
export function DropTarget({ compact = false }: { readonly compact?: boolean }): JSX.Element {
  const hovering = useFileIntake((intake) => intake.hovering);
  const input = useRef<HTMLInputElement>(null);

  const open = (folder: boolean): void => {
    if (input.current === null) return;
    input.current.webkitdirectory = folder;
    input.current.click();
  };
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    takeFiles(chosenFiles([...(event.currentTarget.files ?? [])]));
    // So that the same file can be chosen again.
    event.currentTarget.value = '';
  };
  return (
    <div className={compact ? 'drop-target drop-compact' : 'drop-target'} data-over={hovering}>
      {!compact && <SmallRing />}
      <p className="drop-words">{hovering ? strings.drop.over : strings.drop.target}</p>
      <p className="drop-hint muted">{strings.drop.hint}</p>
      <div className="row-actions">
        <Button kind="main" className="drop-choose" onClick={() => open(false)}>
          {strings.drop.chooseFiles}
        </Button>
        <Button className="drop-folder" onClick={() => open(true)}>
          {strings.drop.chooseFolder}
        </Button>
      </div>
      <Presence />
      <input ref={input} type="file" multiple className="visually-hidden" tabIndex={-1} aria-hidden="true" onChange={choose} />
    </div>
  );
}
