import type { Clock } from './ports.ts';
import type { EventDetail, EventView } from './snapshot.ts';

const eventsMax = 200;

/** What happened here, newest last; the oldest go first. */
export interface Events {
  add(event: EventDetail): void;
  list(): readonly EventView[];
}

export function createEvents(clock: Clock): Events {
  let events: EventView[] = [];
  return {
    add(event) {
      events = [...events.slice(1 - eventsMax), { ms: clock.now(), ...event }];
    },
    list: () => events,
  };
}
