import { expect, test } from 'vitest';
import { peerView as peer, selfView as self, snapshotView as snapshot } from '../../test/views.ts';
import { isReplaced, presenceWords } from './presence-words.ts';
import { strings } from './strings.ts';

const away = peer({ state: 'away', linked: false });

test('[UI-26] only who knows no other peer is the first', () => {
  expect(presenceWords(snapshot())).toEqual({ text: strings.presence.first, alone: true });
  const known = presenceWords(snapshot({ peers: [away, peer({ state: 'connecting', linked: false })] }));
  expect(known?.alone).toBe(true);
  expect(known?.text).toMatch(/^2.peers known, none linked yet\./);
  expect(presenceWords(snapshot({ self: self({ signaling: 'connecting' }), peers: [away] }))).toBeUndefined();
});

test('[UI-26] who has links hears how many of them lend', () => {
  const peers = [peer(), peer({ capacity: 1 }), away];
  for (const signaling of ['connecting', 'joined'] as const) {
    expect(presenceWords(snapshot({ self: self({ signaling }), peers }))).toEqual({ text: strings.presence.lending(2, 1), alone: false });
  }
});

test('[UI-30] peers that are all on one machine are said to be', () => {
  const text = (...peers: Parameters<typeof peer>[0][]) => presenceWords(snapshot({ peers: peers.map(peer) }))?.text;
  expect(text({ local: true }, { local: true })).toBe(`${strings.presence.lending(2, 0)}. ${strings.presence.oneMachine}`);
  for (const others of [[{}], [{ local: true }, {}]] as const) expect(text(...others)).toBe(strings.presence.lending(others.length, 0));
});

test('[UI-26] signaling that is not tried again promises no reconnecting', () => {
  const lost = self({ signaling: 'lost', signalingRetryMs: 1_000 });
  expect(presenceWords(snapshot({ self: lost, peers: [peer()] }))?.text).toBe(strings.presence.lostLong);
  const replaced = self({ signaling: 'lost' });
  expect(isReplaced(replaced)).toBe(true);
  expect(isReplaced(lost)).toBe(false);
  expect(isReplaced(self())).toBe(false);
  const text = presenceWords(snapshot({ self: replaced, peers: [peer()] }))?.text;
  expect(text).toBe(strings.presence.replacedLong);
  expect(text).not.toMatch(/by itself|reconnecting/i);
});
