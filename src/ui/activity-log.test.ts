import { describe, expect, test } from 'vitest';
import type { EventView } from '../app/state.ts';
import { type EventFilter, exportedEvents, exportName, filteredEvents, kindCounts } from './activity-log.ts';
import { eventWords } from './event-words.ts';

const node = 'ab'.repeat(32);
const events: readonly EventView[] = [
  { ms: 1, kind: 'signaling', state: 'joined' },
  { ms: 2, kind: 'peer', what: 'linked', node },
  { ms: 3, kind: 'hold', what: 'stored', node, segment: 0, shard: 2 },
  { ms: 4, kind: 'hold', what: 'lost', segment: 0, shard: 2 },
  { ms: 5, kind: 'upload', what: 'stored', id: 'a1', file: 'Report.pdf' },
  { ms: 6, kind: 'upload', what: 'failed', id: 'a2', file: 'x', code: 'full' },
  { ms: 7, kind: 'download', what: 'done' },
  { ms: 8, kind: 'download', what: 'failed', file: 'y' },
  { ms: 9, kind: 'refused', code: 'auth', detail: 'no proof' },
  { ms: 10, kind: 'verdict', node, detail: 'sent a wrong leaf' },
];
const all: EventFilter = { kind: undefined, search: '' };

describe('activity', () => {
  test('[ACT-1] everything is shown, newest first', () => {
    expect(filteredEvents(events, all).map(({ ms }) => ms)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('[ACT-1] a kind and words narrow it: all words, in any case, in kind, text and full id', () => {
    const found = (filter: Partial<EventFilter>) => filteredEvents(events, { ...all, ...filter }).map(({ ms }) => ms);
    expect(found({ kind: 'hold' })).toEqual([4, 3]);
    expect(found({ search: 'report STORED' })).toEqual([5]);
    expect(found({ search: node })).toEqual([10, 3, 2]);
    expect(found({ kind: 'peer', search: 'leaf' })).toEqual([]);
  });

  test('[ACT-1] only the kinds that occurred can be chosen, with their counts', () => {
    expect(kindCounts(events)).toContainEqual(['hold', 2]);
    expect(kindCounts([])).toEqual([]);
  });

  test('[ACT-3] every event has words without a gap in them', () => {
    for (const event of events) expect(eventWords(event)).not.toMatch(/undefined|\[object|^\s*$/);
    expect(new Set(events.map((event) => eventWords(event))).size).toBe(events.length);
    const second = { kind: 'upload', what: 'stored', id: 'a1', file: 'Report.pdf', version: 2 } as const;
    expect(eventWords(second)).toBe('Report.pdf, version 2 is stored');
  });
});

describe('export', () => {
  test('[ACT-2] is {format: 1, events}, oldest first, with times and words', () => {
    const read = JSON.parse(exportedEvents(events)) as { format: number; events: { time: string; kind: string; words: string }[] };
    expect(read.format).toBe(1);
    expect(read.events.map(({ kind }) => kind)).toEqual(events.map(({ kind }) => kind));
    expect(read.events[1]).toEqual({ time: '1970-01-01T00:00:00.002Z', kind: 'peer', what: 'linked', node, words: 'Linked with abababab' });
  });

  test('[ACT-2] holds no link and no capability, even when a name looks like one', () => {
    const secret = 'R.AbCdEfGhIjKlMnOpQrStUvWxYz012345';
    const text = exportedEvents([
      { ms: 0, kind: 'upload', what: 'stored', id: 'a1', file: `https://shoal.example/#/r/${secret}` },
      { ms: 0, kind: 'download', what: 'done', file: secret },
    ]);
    expect(text).not.toContain('AbCdEf');
    expect(text).toContain('[removed]');
  });

  test('[ACT-2] is named by the day', () => {
    expect(exportName(Date.UTC(2026, 10, 21, 23, 59))).toBe('shoal-activity-2026-11-21.json');
  });
});
