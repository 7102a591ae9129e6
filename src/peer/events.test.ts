import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { createEvents } from './events.ts';

test('[ACT-1] the last 200 events are shown, newest last, each with its time', async () => {
  const clock = virtualClock(drain, 0);
  const events = createEvents(clock);
  for (let i = 0; i < 201; i++) {
    await clock.run(i);
    events.add({ kind: 'signaling', state: 'joined' });
  }
  expect(events.list()).toHaveLength(200);
  expect([events.list()[0], events.list().at(-1)]).toEqual([
    { ms: 1, kind: 'signaling', state: 'joined' },
    { ms: 200, kind: 'signaling', state: 'joined' },
  ]);
});
