import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileView, snapshotView } from '../../../test/views.ts';
import type { EventView, Snapshot } from '../../peer/snapshot.ts';
import { joinSnapshot, snapshotChanges } from './snapshot-changes.ts';

/** As it arrives: copied, nothing shared. */
const carried = <T>(value: T): T => structuredClone(value);

test('[SNAP-2] whatever comes, changes, moves and goes, the page has the snapshot of the peer', () => {
  const snapshots = fc.array(fc.uniqueArray(fc.record({ id: fc.nat(6), size: fc.nat(2) }), { selector: ({ id }) => id }));
  fc.assert(
    fc.property(snapshots, (lists) => {
      const pool = new Map<string, ReturnType<typeof fileView>>();
      const view = (id: number, size: number) => {
        const key = `${id} ${size}`;
        pool.set(key, pool.get(key) ?? fileView({ id: `${id}`, size }));
        return pool.get(key)!;
      };
      const change = snapshotChanges();
      const log = lists.map((_, ms): EventView => ({ ms, kind: 'signaling', state: 'joined' }));
      let page: Snapshot | undefined;
      lists.forEach((list, i) => {
        const taken = snapshotView({
          files: list.map(({ id, size }) => view(id, size)),
          events: log.slice(Math.max(0, i - 3), i - (i % 2)),
        });
        page = joinSnapshot(page, carried(change(taken)));
        expect(page).toEqual(taken);
      });
    }),
  );
});

test('[SNAP-2] of ten thousand files only the one that changed is sent, and the others stay the same objects', () => {
  const files = Array.from({ length: 10_000 }, (_, i) => fileView({ id: `${i}` }));
  const change = snapshotChanges();
  const first = joinSnapshot(undefined, carried(change(snapshotView({ files }))));
  const next = change(snapshotView({ files: files.with(77, fileView({ id: '77', bytesStored: 1 })) }));
  expect({ sent: next.files.length, order: next.order }).toEqual({ sent: 1, order: undefined });
  const second = joinSnapshot(first, carried(next));
  expect(second.files.filter((file, i) => file !== first.files[i]).map(({ id }) => id)).toEqual(['77']);
});

test('[SNAP-2] where no file changed the list is the same object', () => {
  const files = [fileView()];
  const change = snapshotChanges();
  const first = joinSnapshot(undefined, change(snapshotView({ files })));
  expect(joinSnapshot(first, change(snapshotView({ files: [...files] }))).files).toBe(first.files);
});

test('[SNAP-2] the events are sent where one came', () => {
  const event = (ms: number): EventView => ({ ms, kind: 'signaling', state: 'joined' });
  const change = snapshotChanges();
  const events = [event(1), event(2)];
  const first = joinSnapshot(undefined, change(snapshotView({ events })));
  const next = change(snapshotView({ events }));
  expect(next.events).toBeUndefined();
  expect(joinSnapshot(first, next).events).toEqual(events);
  const more = [...events, event(3)];
  expect(change(snapshotView({ events: more })).events).toEqual(more);
});
