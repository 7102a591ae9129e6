import type { EventView } from '../app/state.ts';
import { eventWords } from './event-words.ts';
import { strings } from './strings.ts';

/** What is shown of the events: a kind, and words that all have to be in them. */
export interface EventFilter {
  readonly kind: EventView['kind'] | undefined;
  readonly search: string;
}

/** The events that match, newest first (ACT-1). Search ignores case and looks at kind, words and full ids. */
export function filteredEvents(events: readonly EventView[], { kind, search }: EventFilter): readonly EventView[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (event: EventView): boolean => {
    if (kind !== undefined && event.kind !== kind) return false;
    const node = 'node' in event ? (event.node ?? '') : '';
    const text = `${strings.eventKinds[event.kind]} ${eventWords(event)} ${node}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  return events.filter(matches).toReversed();
}

/** The kinds there are, in the order of the catalog, with how many events each has. */
export function kindCounts(events: readonly EventView[]): readonly (readonly [kind: EventView['kind'], count: number])[] {
  const kinds = Object.keys(strings.eventKinds) as EventView['kind'][];
  return kinds.flatMap((kind) => {
    const count = events.filter((event) => event.kind === kind).length;
    return count === 0 ? [] : [[kind, count] as const];
  });
}

/** A capability, or a link with one. Events hold none; a name of a file that looks like one is not passed on either. */
const capabilityLike = /(\S*#\/[rp]\/\S*|\b[WRVP]\.[\w-]{16,})/g;

/** The log as a file: `{format: 1, events}`, oldest first, each with its words; no keys and no links (ACT-2). */
export function exportedEvents(events: readonly EventView[]): string {
  const text = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replace(capabilityLike, strings.activity.removed) : value;
  const entries = events.map(({ ms, ...event }) => ({ time: new Date(ms).toISOString(), ...event, words: eventWords(event) }));
  return `${JSON.stringify({ format: 1, events: entries }, text, 2)}\n`;
}

/** The export's name carries the day, UTC. */
export function exportName(nowMs: number): string {
  return strings.activity.fileName(new Date(nowMs).toISOString().slice(0, 10));
}
