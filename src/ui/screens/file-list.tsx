import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type JSX, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import type { FileView } from '../../app/state.ts';
import { strings } from '../strings.ts';
import { useNow } from '../use-page-effects.ts';
import { FileRow } from './file-row.tsx';

/** Of a row without progress, px; rows are measured once they are drawn. */
const rowHeight = 82;
/** Rows drawn beyond both ends of what is seen. */
const beyond = 3;
const rowsMax = 40;
/** Of the window, px: what the head covers, and on a narrow one the navigation. Rows gone to by keyboard stand clear of both. */
const covered = { above: 72, below: 80 };

/** As many rows as the window shows, of any number of files; the page itself scrolls. Up, Down, Home and End go from name to name. */
export function FileList({ files }: { readonly files: readonly FileView[] }): JSX.Element {
  const now = useNow();
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  const [focused, setFocused] = useState<number>();
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  // oxlint-disable-next-line react/incompatible-library -- every row gets new properties at each drawing, so the functions it is given are never stale
  const virtualizer = useWindowVirtualizer({
    count: files.length,
    estimateSize: () => rowHeight,
    overscan: beyond,
    scrollMargin: top,
    scrollPaddingStart: covered.above,
    scrollPaddingEnd: covered.below,
    getItemKey: (index) => files[index]?.id ?? index,
    rangeExtractor(range) {
      const indexes = defaultRangeExtractor(range).slice(0, rowsMax - 1);
      // The row that has the focus stays, or the focus would be lost by scrolling.
      return focused === undefined || focused >= range.count || indexes.includes(focused)
        ? indexes
        : [...indexes, focused].toSorted((a, b) => a - b);
    },
  });

  const step = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLAnchorElement) || focused === undefined) return;
    const target = nextIndex(event.key, focused, files.length);
    if (target === undefined) return;
    event.preventDefault();
    setFocused(target);
    virtualizer.scrollToIndex(target, { align: 'auto' });
    // Drawn only now, where it was out of sight.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[aria-posinset="${target + 1}"] a`)?.focus({ preventScroll: true }),
    );
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it moves the focus between the links in it, which work without
    <ul
      ref={list}
      className="panel virtual"
      aria-label={strings.files.list}
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={step}
      onBlur={() => setFocused(undefined)}
    >
      {virtualizer.getVirtualItems().map(({ index, start, key }) => {
        const file = files[index];
        return (
          file !== undefined && (
            <FileRow
              key={key}
              ref={virtualizer.measureElement}
              file={file}
              now={now}
              data-index={index}
              aria-setsize={files.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start - top}px)` }}
              onFocus={() => setFocused(index)}
            />
          )
        );
      })}
    </ul>
  );
}

function nextIndex(key: string, index: number, count: number): number | undefined {
  const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: count - 1 }[key];
  return target === undefined || target < 0 || target >= count ? undefined : target;
}
