import type { JSX } from 'react';
import type { EventView } from '../../app/state.ts';
import { eventWords } from '../event-words.ts';
import { formatTime } from '../../figures/format.ts';
import { strings } from '../strings.ts';

interface EventListProps {
  /** In the order to show them: newest first. */
  readonly events: readonly EventView[];
  /** Id of the heading that names the list. */
  readonly labelledBy: string;
}

/** Events with their time and kind. It scrolls in itself where it is long. */
export function EventList({ events, labelledBy }: EventListProps): JSX.Element {
  return (
    <ol className="events" tabIndex={0} aria-labelledby={labelledBy}>
      {events.map((event, index) => (
        <li key={events.length - index} data-event={event.kind}>
          <time className="mono muted" dateTime={new Date(event.ms).toISOString()} title={new Date(event.ms).toLocaleString()}>
            {formatTime(event.ms)}
          </time>
          <span className="event-kind muted">{strings.eventKinds[event.kind]}</span>
          <span>{eventWords(event)}</span>
        </li>
      ))}
    </ol>
  );
}
