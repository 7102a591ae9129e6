import type { Clock } from './ports.ts';
import type { EventView } from './snapshot.ts';

const eventsMax = 200;

/** What happened here, newest last; the oldest go first. */
export interface Events {
  add(kind: EventView['kind'], text: string): void;
  list(): readonly EventView[];
}

export function createEvents(clock: Clock): Events {
  let events: EventView[] = [];
  return {
    add(kind, text) {
      events = [...events.slice(1 - eventsMax), { ms: clock.now(), kind, text }];
    },
    list: () => events,
  };
}
