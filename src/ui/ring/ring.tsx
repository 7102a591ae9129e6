import { type JSX, type KeyboardEvent, memo, useCallback, useRef } from 'react';
import type { PeerView, SelfView } from '../../app/state.ts';
import { strings } from '../strings.ts';
import type { Cell } from './cells.ts';
import type { Picture } from './picture.ts';
import { RingCanvas } from './ring-canvas.tsx';
import { cellWords, ringSummary, walkTo } from './ring-words.ts';
import { useSeldom } from './use-picture.ts';

interface RingProps {
  readonly self: SelfView;
  readonly peers: readonly PeerView[];
  readonly picture: Picture;
  /** Key of the cell that pointer, focus or the table is on. */
  readonly active: string | undefined;
  onActive(key: string | undefined): void;
  /** Enter or a click: on to the peer's row. */
  onChoose(key: string): void;
}

/**
 * The ring with its text. Walking it moves the real focus over a list of options that only assistive technology sees: every screen
 * reader follows the focus, not every one follows an active descendant.
 */
export function Ring({ self, peers, picture, active, onActive, onChoose }: RingProps): JSX.Element {
  const { cells } = picture;
  const list = useRef<HTMLDivElement>(null);
  const summary = useSeldom(ringSummary(peers, picture));
  const stop = cells.some(({ key }) => key === active) ? active : cells[0]?.key;

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = walkTo(cells, active, event.key);
    if (next !== undefined) {
      event.preventDefault();
      list.current?.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus();
    } else if (event.key === 'Enter' && active !== undefined) onChoose(active);
  };
  return (
    <div className="ring-stage">
      <RingCanvas self={self} picture={picture} active={active} onPoint={onActive} onChoose={onChoose} />
      <span className="ring-you" aria-hidden="true">
        {strings.ring.you}
      </span>
      {cells.length > 0 && (
        <div
          ref={list}
          role="listbox"
          tabIndex={-1}
          className="ring-walk"
          aria-label={strings.ring.label}
          onKeyDown={onKeyDown}
          onBlur={() => onActive(undefined)}
        >
          {cells.map((cell) => (
            <Option key={cell.key} cell={cell} isStop={cell.key === stop} isActive={cell.key === active} onActive={onActive} />
          ))}
        </div>
      )}
      <p className="ring-summary" aria-live="polite">
        {summary}
      </p>
    </div>
  );
}

interface OptionProps {
  readonly cell: Cell;
  readonly isStop: boolean;
  readonly isActive: boolean;
  onActive(key: string): void;
}

const Option = memo(function Option({ cell, isStop, isActive, onActive }: OptionProps): JSX.Element {
  const { key } = cell;
  const onFocus = useCallback(() => onActive(key), [onActive, key]);
  return (
    <div role="option" data-cell={key} tabIndex={isStop ? 0 : -1} aria-selected={isActive} onFocus={onFocus}>
      {cellWords(cell)}
    </div>
  );
});
