import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { createKeepers } from './keepers.ts';
import type { PeerInfo } from './peer-state.ts';

const minuteMs = 60_000;
const node = (start: string): string => start.padEnd(64, '0');

test('[SYNC-3] when the next one becomes eligible is known: of those that are there, this peer among them', async () => {
  const clock = virtualClock(drain);
  const peers = [
    { node: node('81'), state: 'live', upMs: 60 * minuteMs },
    { node: node('80'), state: 'suspect', upMs: 7 * minuteMs },
    { node: node('82'), state: 'away', upMs: 9 * minuteMs },
  ].map((each) => each as Partial<PeerInfo> as PeerInfo);
  const keepers = createKeepers({ clock, self: node('80'), membership: { peers: () => peers } });
  expect(keepers.nextMs()).toBe(3 * minuteMs);
  peers.splice(1, 1);
  await clock.run(clock.now() + 4 * minuteMs);
  expect(keepers.nextMs()).toBe(6 * minuteMs);
  await clock.run(clock.now() + 6 * minuteMs);
  expect(keepers.nextMs()).toBe(Infinity);
});
