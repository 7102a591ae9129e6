import { type JSX, useId, useRef, useState } from 'react';
import { saveText } from '../../app/save-text.ts';
import { type EventView, usePage } from '../../app/state.ts';
import { type EventFilter, exportedEvents, exportName, filteredEvents, kindCounts } from '../activity-log.ts';
import { Button } from '../primitives/button.tsx';
import { EventList } from '../primitives/event-list.tsx';
import { Starting } from '../primitives/starting.tsx';
import { shown } from '../shown.ts';
import { strings } from '../strings.ts';

const everything: EventFilter = { kind: undefined, search: '' };
const words = strings.activity;

/** What happened, newest first: by kind, by words, and as a file. */
export function ActivityScreen(): JSX.Element {
  const events = usePage((state) => shown(state)?.events);
  return (
    <>
      <h1 id="activity">{words.title}</h1>
      <p className="lead">{words.intro}</p>
      {events === undefined ? <Starting /> : <Log events={events} />}
    </>
  );
}

function Log({ events }: { readonly events: readonly EventView[] }): JSX.Element {
  const [filter, setFilter] = useState(everything);
  const id = useId();
  const search = useRef<HTMLInputElement>(null);
  if (events.length === 0) {
    return (
      <div className="empty">
        <p>{words.empty}</p>
      </div>
    );
  }
  const found = filteredEvents(events, filter);
  const showAll = (): void => {
    setFilter(everything);
    // The button that was pressed goes away, and must not take the focus with it.
    search.current?.focus();
  };
  return (
    <>
      <div className="activity-tools">
        <div className="activity-search">
          <label htmlFor={id} className="visually-hidden">
            {words.search}
          </label>
          <input
            ref={search}
            id={id}
            type="search"
            className="field"
            placeholder={words.searchHint}
            value={filter.search}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setFilter({ ...filter, search: event.currentTarget.value })}
          />
        </div>
        <Button onClick={() => saveText(exportName(Date.now()), 'application/json', exportedEvents(events))}>{words.exportJson}</Button>
      </div>
      <Kinds events={events} kind={filter.kind} onKind={(kind) => setFilter({ ...filter, kind })} />
      <p className="muted activity-count" role="status">
        {words.shown(found.length, events.length)}
      </p>
      {found.length > 0 ? (
        <EventList events={found} labelledBy="activity" />
      ) : (
        <div className="empty">
          <p>{words.nothing}</p>
          <Button onClick={showAll}>{words.clear}</Button>
        </div>
      )}
    </>
  );
}

interface KindsProps {
  readonly events: readonly EventView[];
  readonly kind: EventView['kind'] | undefined;
  onKind(kind: EventView['kind'] | undefined): void;
}

function Kinds({ events, kind, onKind }: KindsProps): JSX.Element {
  const counts = kindCounts(events);
  const chip = (name: string, count: number, of: EventView['kind'] | undefined): JSX.Element => (
    <button key={name} type="button" className="chip" aria-pressed={kind === of} onClick={() => onKind(of)}>
      {name} <span className="chip-count">{count}</span>
    </button>
  );
  return (
    <div className="chips" role="group" aria-label={words.kinds}>
      {chip(words.all, events.length, undefined)}
      {counts.map(([of, count]) => chip(strings.eventKinds[of], count, of))}
    </div>
  );
}
